import http2 from 'node:http2';
import type { Readable } from 'node:stream';
import type { Downstream } from './downstream.ts';
import { toHeaderObject } from './headers.ts';
import type { HeaderList } from './types.ts';

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = http2.constants;

/** `headers`: Node's object, for the pseudo-header fields; `rawHeaders`: the list, for all others. */
export function createHttp2Downstream(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  rawHeaders: HeaderList,
): Downstream {
  return new Http2Downstream(stream, headers, rawHeaders);
}

class Http2Downstream implements Downstream {
  readonly httpVersion = '2.0';
  readonly method: string;
  readonly target: string;
  readonly authority: string | undefined;
  readonly headers: HeaderList;
  readonly body: Readable | null;
  readonly clientAddress: string;
  readonly port: number;
  trailers: HeaderList = [];
  readonly #stream: http2.ServerHttp2Stream;
  readonly #awaitsContinue: boolean;
  #answerTrailers: HeaderList = [];
  readonly #closeListeners: ((complete: boolean) => void)[] = [];
  #ended = false;

  constructor(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders, rawHeaders: HeaderList) {
    this.#stream = stream;
    this.method = headers[':method'] ?? 'GET';
    this.target = headers[':path'] ?? '/';
    this.authority = headers[':authority'];
    this.#awaitsContinue = headers.expect?.toLowerCase() === '100-continue';
    this.headers = rawHeaders;
    this.body = stream.endAfterHeaders ? null : stream;
    const socket = stream.session?.socket;
    this.clientAddress = socket?.remoteAddress ?? '';
    this.port = socket?.localPort ?? 0;
    // A client that leaves makes the stream fail; `onClose` is what tells about it.
    stream.on('error', ignore);
    if (this.body !== null) {
      stream.once('trailers', (...[, , rawTrailers]: TrailersEvent) => {
        this.trailers = rawTrailers;
      });
    }
  }

  get answered(): boolean {
    return this.#stream.headersSent;
  }

  get closed(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  continue(): void {
    if (this.#awaitsContinue) this.inform(100, []);
  }

  inform(status: number, headers: HeaderList): void {
    if (this.answered || this.closed || status === 101) return;
    this.#stream.additionalHeaders({ ...toHeaderObject(headers), ':status': status });
  }

  respond(status: number, _reason: string, headers: HeaderList, mayHaveTrailers: boolean): void {
    if (this.closed) return;
    const fields: http2.OutgoingHttpHeaders = toHeaderObject(headers);
    fields[':status'] = status;
    // Node ends the stream of an answer without a body together with its header section.
    this.#ended = this.method === 'HEAD' || status === 204 || status === 205 || status === 304;
    if (mayHaveTrailers) {
      this.#stream.once('wantTrailers', () =>
        this.#stream.sendTrailers(toHeaderObject(this.#answerTrailers)),
      );
    }
    this.#stream.respond(fields, { waitForTrailers: mayHaveTrailers });
  }

  write(chunk: Buffer): boolean {
    return this.closed ? true : this.#stream.write(chunk);
  }

  onDrain(listener: () => void): void {
    this.#stream.on('drain', listener);
  }

  end(trailers: HeaderList): void {
    if (this.closed) return;
    this.#answerTrailers = trailers;
    this.#ended = true;
    this.#stream.end();
    // What is left of a body that nobody wants is read and dropped: flow control would else stall the connection.
    if (this.body !== null) this.#stream.resume();
  }

  endConnection(): void {
    // Every stream has its own frames: there is no doubt where the next one begins.
  }

  abort(): void {
    // Not CANCEL: some clients take that for the end of a complete answer.
    if (!this.#stream.destroyed) this.#stream.close(NGHTTP2_INTERNAL_ERROR);
  }

  onClose(listener: (complete: boolean) => void): void {
    this.#closeListeners.push(listener);
    if (this.#closeListeners.length > 1) return;
    // One listener of Node's for all of ours.
    this.#stream.once('close', () => {
      // A session that ends finishes its streams, also those that have no answer yet; one that breaks off resets them.
      // `writableFinished` says nothing here: an answer whose last part was written just before its end never gets it.
      const finished = this.#ended && this.#stream.rstCode === NGHTTP2_NO_ERROR;
      for (const each of this.#closeListeners) each(finished);
    });
  }
}

/** The types leave out the list of all fields, which Node gives as the third argument. */
type TrailersEvent = [trailers: http2.IncomingHttpHeaders, flags: number, rawTrailers: string[]];

function ignore(): void {
  // Listened to so that it is not thrown; see the constructor.
}
