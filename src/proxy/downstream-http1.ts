import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import type { Downstream } from './downstream.ts';
import { toHeaderObject } from './headers.ts';
import type { HeaderList } from './types.ts';

export interface Http1Options {
  /** The client sent `Expect: 100-continue`. */
  readonly awaitsContinue: boolean;
  /** Whether the connection must end with this answer. Asked when it is sent. */
  readonly lastOnConnection: () => boolean;
  /** From now on `lastOnConnection` holds, and no other request of the connection is taken. */
  readonly endConnection: () => void;
}

export function createHttp1Downstream(
  request: IncomingMessage,
  response: ServerResponse,
  options: Http1Options,
): Downstream {
  return new Http1Downstream(request, response, options);
}

class Http1Downstream implements Downstream {
  readonly authority = undefined;
  readonly body: Readable | null;
  readonly clientAddress: string;
  readonly port: number;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: Http1Options;
  #awaitsContinue: boolean;
  #bodyBegun = false;

  constructor(request: IncomingMessage, response: ServerResponse, options: Http1Options) {
    this.#request = request;
    this.#response = response;
    this.#options = options;
    this.#awaitsContinue = options.awaitsContinue;
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
    if (this.#awaitsContinue) this.#options.endConnection();
    const closing = this.#options.lastOnConnection();
    // The types know only lists of pairs; Node documents the flat form (`response.writeHead`).
    const fields = closing ? [...headers, 'connection', 'close'] : headers;
    this.#response.writeHead(status, sendable(reason, status), fields as unknown as Record<string, string>);
    // Header section and first bytes leave together where both are here; alone where the body comes later (SSE).
    queueMicrotask(() => {
      if (!this.#bodyBegun && !this.closed) this.#response.flushHeaders();
    });
  }

  write(chunk: Buffer): boolean {
    this.#bodyBegun = true;
    return this.#response.write(chunk);
  }

  onDrain(listener: () => void): void {
    this.#response.on('drain', listener);
  }

  end(trailers: HeaderList): void {
    this.#bodyBegun = true;
    if (trailers.length > 0 && this.#response.chunkedEncoding) this.#response.addTrailers(pairs(trailers));
    this.#response.end();
    // What is left of a body that nobody wants is read and dropped, so that the connection can go on.
    if (this.body !== null) this.#request.resume();
  }

  endConnection(): void {
    this.#options.endConnection();
  }

  abort(): void {
    this.#response.destroy();
  }

  onClose(listener: (complete: boolean) => void): void {
    this.#response.once('close', () => listener(this.#response.writableFinished));
  }
}

function pairs(headers: HeaderList): [string, string][] {
  const result: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2)
    result.push([headers[at] as string, headers[at + 1] as string]);
  return result;
}

function ignore(): void {
  // Listened to so that it is not thrown; see the constructor.
}

/** undici reads a reason phrase as UTF-8; what HTTP/1.1 cannot carry (RFC 9112, section 4) is said the usual way. */
function sendable(reason: string, status: number): string {
  return /[^\t\x20-\x7e\x80-\xff]/.test(reason) ? (STATUS_CODES[status] ?? '') : reason;
}
