import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Waiting } from './answer-deadline.ts';
import { timedOut } from './failures.ts';
import type { UpstreamConnections } from './upstreams.ts';

export interface PoolRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: Readable | null;
}

/**
 * Sends one request over a kept-alive connection of the pool. undici 7 knows two kinds of handlers. Its connections call the older
 * kind, which its types mark as deprecated; the newer one gets every header section parsed into an object besides, which
 * nobody here reads, and which costs some 3 % of the CPU time of a request. undici 8 has the newer kind alone, and needs
 * Node 22.19: then the handler goes to the pool as it is.
 */
export function dispatchOverPool(
  upstream: UpstreamConnections,
  request: PoolRequest,
  handler: Dispatcher.DispatchHandler,
): void {
  const { pool, servername } = upstream;
  const { method, path, headers, body } = request;
  // Without a body the wait is ours, see `AnswerDeadline`; null is the pool's own limit, which lets an upload take its time.
  const headersTimeout = body === null ? 0 : null;
  const options = { method, path, headers, body, servername, headersTimeout };
  pool.dispatch(options, new PoolDispatch(upstream, body === null, handler));
}

class PoolDispatch implements Dispatcher.DispatchController, Dispatcher.DispatchHandler, Waiting {
  rawHeaders: Buffer[] = [];
  rawTrailers: string[] | null = null;
  aborted = false;
  paused = false;
  reason: Error | null = null;
  since = 0;
  place = -1;
  readonly #upstream: UpstreamConnections;
  readonly #hasDeadline: boolean;
  readonly #handler: Dispatcher.DispatchHandler;
  #abort: ((error?: Error) => void) | undefined;
  #resume: (() => void) | undefined;

  constructor(upstream: UpstreamConnections, hasDeadline: boolean, handler: Dispatcher.DispatchHandler) {
    this.#upstream = upstream;
    this.#hasDeadline = hasDeadline;
    this.#handler = handler;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.#resume?.();
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#abort?.(reason);
  }

  onOverdue(): void {
    this.abort(timedOut());
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#hasDeadline) this.#upstream.answerDeadline.start(this);
    this.#handler.onRequestStart?.(this, undefined);
  }

  /** Gives false to have no more for now; so does `onData`. */
  onHeaders(status: number, headers: Buffer[], resume: () => void, reason: string): boolean {
    this.#resume = resume;
    this.rawHeaders = headers;
    if (status >= 200) this.#upstream.answerDeadline.stop(this);
    else if (this.#hasDeadline) this.#upstream.answerDeadline.start(this);
    this.#handler.onResponseStart?.(this, status, {}, reason);
    return !this.paused;
  }

  onData(chunk: Buffer): boolean {
    this.#handler.onResponseData?.(this, chunk);
    return !this.paused;
  }

  onComplete(trailers: string[] | null): void {
    this.rawTrailers = trailers;
    this.#handler.onResponseEnd?.(this, {});
  }

  onError(error: Error): void {
    this.#upstream.answerDeadline.stop(this);
    this.#handler.onResponseError?.(this, error);
  }
}
