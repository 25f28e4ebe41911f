import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Downstream } from './downstream.ts';
import {
  bodyStalled,
  clientAborted,
  describeUpstreamError,
  isConnectionLoss,
  isUnsendable,
} from './failures.ts';
import { forClient, withheldFrom } from './headers.ts';
import type { Limits } from './limits.ts';
import { relayRequestBody } from './request-body.ts';
import type { Failure, HeaderList } from './types.ts';
import type { UpstreamConnections } from './upstreams.ts';

export interface ForwardRequest {
  readonly path: string;
  /** As `forUpstream` gives them. */
  readonly headers: string[];
}

export interface ForwardEvents {
  /** The header section goes to the client. */
  readonly onAnswer: (status: number, headers: HeaderList, withheld: HeaderList) => void;
  /** Called at most once. Where the client has no answer yet, the caller gives one. */
  readonly onFailure: (failure: Failure) => void;
}

/** Methods that may be sent a second time by a proxy (RFC 9110, sections 9.2.1 and 9.2.2). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Passes one request on and its answer back, both streaming. A client that leaves ends the exchange with the upstream;
 * an upstream that breaks off in the middle of its answer breaks the client's off too, so that half an answer never looks
 * whole.
 */
export function forward(
  client: Downstream,
  request: ForwardRequest,
  upstream: UpstreamConnections,
  limits: Limits,
  events: ForwardEvents,
): void {
  new Forwarding(client, request, upstream, limits, events).start();
}

class Forwarding implements Dispatcher.DispatchHandler {
  readonly #client: Downstream;
  readonly #request: ForwardRequest;
  readonly #upstream: UpstreamConnections;
  readonly #limits: Limits;
  readonly #events: ForwardEvents;
  #controller: Dispatcher.DispatchController | undefined;
  #body: Readable | null = null;
  #stopped: Failure | undefined;
  #over = false;
  #retried = false;

  constructor(
    client: Downstream,
    request: ForwardRequest,
    upstream: UpstreamConnections,
    limits: Limits,
    events: ForwardEvents,
  ) {
    this.#client = client;
    this.#request = request;
    this.#upstream = upstream;
    this.#limits = limits;
    this.#events = events;
  }

  start(): void {
    this.#client.onClose((complete) => {
      if (!complete) this.#stop(clientAborted());
    });
    this.#client.onDrain(() => this.#controller?.resume());
    this.#dispatch();
  }

  #dispatch(): void {
    const { body } = this.#client;
    if (body !== null) {
      this.#body = relayRequestBody(body, {
        idleTimeoutMs: this.#limits.requestBodyIdleTimeoutMs,
        onIdle: () => this.#stop(bodyStalled()),
      });
    }
    this.#upstream.pool.dispatch(
      {
        method: this.#client.method,
        path: this.#request.path,
        headers: this.#request.headers,
        body: this.#body,
        ...(this.#upstream.servername === undefined ? {} : { servername: this.#upstream.servername }),
      },
      this,
    );
  }

  /** Ends the exchange from our side; the failure is reported when the upstream's part is over. */
  #stop(failure: Failure): void {
    if (this.#over || this.#stopped !== undefined) return;
    this.#stopped = failure;
    // Without a controller the request still waits for a connection: onRequestStart sees that it is stopped.
    this.#controller?.abort(new Error(failure.message));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped === undefined) this.#client.continue();
    else controller.abort(new Error(this.#stopped.message));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    reason = '',
  ): void {
    const received = decode(controller.rawHeaders);
    const headers = forClient(received);
    if (status < 200) {
      this.#inform(status, headers);
      return;
    }
    this.#client.respond(status, reason, headers, isChunked(received));
    this.#events.onAnswer(status, headers, withheldFrom(received));
  }

  /** An interim answer is a hint: one that cannot be sent on (Node is strict about Link) is left out. */
  #inform(status: number, headers: HeaderList): void {
    try {
      this.#client.inform(status, headers);
    } catch (error) {
      if (!isUnsendable(error)) throw error;
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#client.write(chunk)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#finish();
    this.#client.end(decode(controller.rawTrailers));
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#over) return;
    if (this.#mayRetry(error)) {
      this.#retried = true;
      this.#controller = undefined;
      // In the next turn: until then the pool takes the lost connection for a free one.
      setImmediate(() => this.#dispatch());
      return;
    }
    this.#finish();
    const broken = this.#client.answered;
    this.#events.onFailure(this.#stopped ?? describeUpstreamError(error, this.#upstream.label));
    if (broken) this.#client.abort();
  }

  #finish(): void {
    this.#over = true;
    // Lets go of the client's request, of which there may be more to come.
    this.#body?.destroy();
  }

  /** A kept-alive connection may close just as it is used again; that is nobody's mistake and nothing was done yet. */
  #mayRetry(error: Error): boolean {
    return (
      !this.#retried &&
      this.#stopped === undefined &&
      !this.#client.answered &&
      this.#client.body === null &&
      SAFE_METHODS.has(this.#client.method) &&
      isConnectionLoss(error)
    );
  }
}

/** undici hands header sections on as bytes. HTTP's are Latin-1 (RFC 9110, section 5.5), which keeps each byte. */
function decode(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}

/** Only a chunked answer can have a trailer section. */
function isChunked(headers: HeaderList): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    if (
      (headers[at] as string).length === 17 &&
      (headers[at] as string).toLowerCase() === 'transfer-encoding'
    )
      return true;
  }
  return false;
}
