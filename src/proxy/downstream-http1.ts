import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import type { Downstream } from './downstream.ts';
import { toHeaderObject, toPairs } from './headers.ts';
import type { HeaderList } from './types.ts';

/** What the requests of one connection have in common. */
export interface Http1Connection {
  /** Whether it must end with the next answer. */
  isEnding(): boolean;
  /** From now on it is, and no other request is taken. */
  end(): void;
}

/** `awaitsContinue`: the client sent `Expect: 100-continue`. */
export function createHttp1Downstream(
  request: IncomingMessage,
  response: ServerResponse,
  connection: Http1Connection,
  awaitsContinue = false,
): Downstream {
  return new Http1Downstream(request, response, connection, awaitsContinue);
}

class Http1Downstream implements Downstream {
  readonly authority = undefined;
  readonly body: Readable | null;
  readonly clientAddress: string;
  readonly port: number;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #connection: Http1Connection;
  readonly #closeListeners: ((complete: boolean) => void)[] = [];
  #awaitsContinue: boolean;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    connection: Http1Connection,
    awaitsContinue: boolean,
  ) {
    this.#request = request;
    this.#response = response;
    this.#connection = connection;
    this.#awaitsContinue = awaitsContinue;
    // RFC 9112, section 6.3: a request has a body exactly if one of these fields says so.
    const { headers } = request;
    const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
    this.body = hasBody ? request : null;
    this.clientAddress = request.socket.remoteAddress ?? '';
    this.port = request.socket.localPort ?? 0;
    // A client that leaves makes either fail; `onClose` is what tells about it.
    request.on('error', ignore);
    response.on('error', ignore);
  }

  get httpVersion(): '1.0' | '1.1' {
    return this.#request.httpVersion === '1.0' ? '1.0' : '1.1';
  }

  get method(): string {
    return this.#request.method ?? 'GET';
  }

  get target(): string {
    return this.#request.url ?? '/';
  }

  get headers(): HeaderList {
    return this.#request.rawHeaders;
  }

  get trailers(): HeaderList {
    return this.#request.rawTrailers;
  }

  get answered(): boolean {
    return this.#response.headersSent;
  }

  get closed(): boolean {
    return this.#response.destroyed || this.#response.closed;
  }

  continue(): void {
    if (!this.#awaitsContinue || this.answered || this.closed) return;
    this.#awaitsContinue = false;
    this.#response.writeContinue();
  }

  inform(status: number, headers: HeaderList): void {
    // Clients of HTTP/1.0 do not know interim answers (RFC 9110, section 15.2).
    if (this.httpVersion === '1.0' || this.answered || this.closed) return;
    if (status === 102) this.#response.writeProcessing();
    if (status !== 103) return;
    const { link, ...rest } = toHeaderObject(headers);
    if (link !== undefined) this.#response.writeEarlyHints({ ...rest, link: String(link) });
  }

  respond(status: number, reason: string, headers: HeaderList): void {
    // A client that was not told to go on may or may not send the body (RFC 9110, section 10.1.1).
    if (this.#awaitsContinue) this.#connection.end();
    // The types know only lists of pairs; Node documents the flat form (`response.writeHead`).
    const fields = this.#connection.isEnding() ? [...headers, 'connection', 'close'] : headers;
    this.#response.writeHead(status, sendable(reason, status), fields as unknown as Record<string, string>);
    // Node lets it leave at the end of this turn: together with the body where that is here, alone where it comes later (SSE).
    this.#response.write('', 'latin1');
  }

  write(chunk: Buffer): boolean {
    return this.#response.write(chunk);
  }

  onDrain(listener: () => void): void {
    this.#response.on('drain', listener);
  }

  end(trailers: HeaderList): void {
    if (trailers.length > 0 && this.#response.chunkedEncoding) this.#response.addTrailers(toPairs(trailers));
    this.#response.end();
    // What is left of a body that nobody wants is read and dropped, so that the connection can go on.
    if (this.body !== null) this.#request.resume();
  }

  endConnection(): void {
    this.#connection.end();
  }

  abort(): void {
    this.#response.destroy();
  }

  onClose(listener: (complete: boolean) => void): void {
    this.#closeListeners.push(listener);
    if (this.#closeListeners.length > 1) return;
    // One listener of Node's for all of ours; it comes once.
    this.#response.on('close', () => {
      for (const each of this.#closeListeners) each(this.#response.writableFinished);
    });
  }
}

function ignore(): void {
  // Listened to so that it is not thrown; see the constructor.
}

/** undici reads a reason phrase as UTF-8; what HTTP/1.1 cannot carry (RFC 9112, section 4) is said the usual way. */
function sendable(reason: string, status: number): string {
  return /[^\t\x20-\x7e\x80-\xff]/.test(reason) ? (STATUS_CODES[status] ?? '') : reason;
}
