import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { timedOut, unaskedUpgrade } from './failures.ts';
import { toPairs, trailersFor, without } from './headers.ts';
import type { Limits } from './limits.ts';
import type { HeaderList } from './types.ts';
import type { UpstreamConnections } from './upstreams.ts';

export interface NodeDispatchRequest {
  readonly method: string;
  /** A path, or `*`. */
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Readable | null;
  /** Asked for when the body has ended. */
  readonly trailers: () => HeaderList;
}

/**
 * Sends one request through node:http, for what undici cannot do: a trailer section (its requests have none), the
 * target `*` (its paths begin with a slash), a server that sends 100 Continue unasked. A connection of its own each time: such requests are rare, most may not be
 * sent a second time, and a connection that is just closing can then not meet them.
 */
export function dispatchOverNode(
  upstream: UpstreamConnections,
  request: NodeDispatchRequest,
  limits: Limits,
  handler: Dispatcher.DispatchHandler,
): void {
  new NodeDispatch(upstream, request, limits, handler).start();
}

class NodeDispatch implements Dispatcher.DispatchController {
  rawHeaders: string[] = [];
  rawTrailers: string[] = [];
  aborted = false;
  reason: Error | null = null;
  readonly #upstream: UpstreamConnections;
  readonly #request: NodeDispatchRequest;
  readonly #limits: Limits;
  readonly #handler: Dispatcher.DispatchHandler;
  #outgoing: http.ClientRequest | undefined;
  #incoming: http.IncomingMessage | undefined;
  #over = false;

  constructor(
    upstream: UpstreamConnections,
    request: NodeDispatchRequest,
    limits: Limits,
    handler: Dispatcher.DispatchHandler,
  ) {
    this.#upstream = upstream;
    this.#request = request;
    this.#limits = limits;
    this.#handler = handler;
  }

  get paused(): boolean {
    return this.#incoming?.isPaused() ?? false;
  }

  pause(): void {
    this.#incoming?.pause();
  }

  resume(): void {
    this.#incoming?.resume();
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    this.#fail(reason);
  }

  start(): void {
    const { origin, agent } = this.#upstream;
    const { method, path, headers, body } = this.#request;
    const outgoing = (origin.protocol === 'https:' ? https : http).request({
      protocol: origin.protocol,
      hostname: origin.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: origin.port,
      agent,
      method,
      path,
      headers: body === null ? headers : chunked(headers),
      setHost: false,
      maxHeaderSize: this.#limits.headerBytes,
    });
    this.#outgoing = outgoing;
    const connecting = setTimeout(() => this.#fail(timedOut()), this.#limits.connectTimeoutMs);
    outgoing.on('socket', (socket) => {
      socket.once(origin.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        clearTimeout(connecting);
        outgoing.setTimeout(this.#limits.upstreamHeadersTimeoutMs, () => this.#fail(timedOut()));
        this.#attempt(() => this.#send());
      });
    });
    outgoing.on('error', (error) => {
      // What comes after a whole answer is no part of it.
      if (this.#incoming?.complete !== true) this.#fail(error);
    });
    outgoing.on('information', ({ statusCode, rawHeaders, statusMessage }) => {
      // Whoever waited for 100 Continue was told to go on when the connection stood.
      if (statusCode !== 100) this.#answer(statusCode, rawHeaders, statusMessage);
    });
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy();
      this.#fail(unaskedUpgrade());
    });
    outgoing.on('response', (incoming) => this.#receive(incoming));
    outgoing.on('close', () => {
      clearTimeout(connecting);
      // An answer may still be read after its connection has ended.
      if (this.#incoming === undefined) this.#fail(closed());
    });
  }

  #send(): void {
    const outgoing = this.#outgoing as http.ClientRequest;
    const { body, trailers } = this.#request;
    this.#handler.onRequestStart?.(this, undefined);
    if (this.#over) return;
    if (body === null) {
      outgoing.end();
      return;
    }
    body.on('data', (chunk: Buffer) => {
      if (!outgoing.write(chunk)) body.pause();
    });
    outgoing.on('drain', () => body.resume());
    body.once('end', () => {
      const fields = trailersFor(trailers());
      if (fields.length > 0) outgoing.addTrailers(toPairs(fields));
      outgoing.end();
    });
    body.once('error', (error) => this.#fail(error));
  }

  #receive(incoming: http.IncomingMessage): void {
    this.#incoming = incoming;
    // An event stream may be silent for as long as it likes.
    this.#outgoing?.setTimeout(0);
    this.#answer(incoming.statusCode ?? 0, incoming.rawHeaders, incoming.statusMessage);
    incoming.on('data', (chunk: Buffer) => this.#attempt(() => this.#handler.onResponseData?.(this, chunk)));
    incoming.on('error', (error) => this.#fail(error));
    incoming.on('close', () => this.#fail(closed()));
    incoming.on('end', () => {
      if (!incoming.complete) return;
      this.#attempt(() => {
        this.rawTrailers = incoming.rawTrailers;
        this.#handler.onResponseEnd?.(this, {});
        this.#over = true;
        // An answer before the end of the request: nobody reads the rest of that.
        if (this.#outgoing?.writableFinished === false) this.#outgoing.destroy();
      });
    });
  }

  #answer(status: number, headers: string[], reason = ''): void {
    this.rawHeaders = headers;
    this.#attempt(() => this.#handler.onResponseStart?.(this, status, {}, reason));
  }

  /** As undici does: what the handler throws fails the exchange. */
  #attempt(action: () => void): void {
    if (this.#over) return;
    try {
      action();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.onResponseError?.(this, error);
    this.#outgoing?.destroy();
    this.#request.body?.destroy();
  }
}

/** The only framing that trailers can follow (RFC 9112, section 7.1.2). */
function chunked(headers: readonly string[]): string[] {
  return [...without(headers, 'content-length'), 'transfer-encoding', 'chunked'];
}

function closed(): Error {
  return Object.assign(new Error('The upstream closed the connection.'), { code: 'ECONNRESET' });
}
