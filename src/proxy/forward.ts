import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { countBodyBytes } from './body-meter.ts';
import type { BodyPreview } from './body-preview.ts';
import type { Downstream } from './downstream.ts';
import {
  bodyStalled,
  clientAborted,
  describeUpstreamError,
  invalidAnswer,
  isConnectionLoss,
  isLengthMismatch,
  isUnaskedContinue,
  isUnsendable,
} from './failures.ts';
import { forClient, headerOf, trailersFor, withheldFrom, without } from './headers.ts';
import type { Limits } from './limits.ts';
import { dispatchOverNode } from './node-dispatch.ts';
import { dispatchOverPool } from './pool-dispatch.ts';
import { relayRequestBody } from './request-body.ts';
import type { Failure, HeaderList } from './types.ts';
import type { UpstreamConnections } from './upstreams.ts';

export interface ForwardRequest {
  readonly path: string;
  /** As `forUpstream` gives them. */
  readonly headers: string[];
  /** Sees the request's body pass. */
  readonly preview?: BodyPreview | undefined;
  /** Fields of ours for the header section of the answer. */
  readonly addToAnswer?: ((status: number, headers: HeaderList) => HeaderList) | undefined;
}

export type BodyTap = (chunk: Buffer | null) => void;

export interface ForwardEvents {
  /** The header section has gone to the client. May give a function that sees the body pass; null is its end. */
  readonly onAnswer: (status: number, headers: HeaderList, withheld: HeaderList) => BodyTap | undefined;
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
  #tap: BodyTap | undefined;
  #status = 0;
  #drains = false;
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
    this.#dispatch();
  }

  #dispatch(): void {
    const { body } = this.#client;
    if (body !== null) {
      this.#body = relayRequestBody(body, {
        idleTimeoutMs: this.#limits.requestBodyIdleTimeoutMs,
        onIdle: () => this.#stop(bodyStalled()),
        preview: this.#request.preview,
      });
    }
    const request = {
      method: this.#client.method,
      path: this.#request.path,
      headers: this.#request.headers,
      body: this.#body,
    };
    if (this.#upstream.quirks.sendsContinue || needsNode(this.#client, request)) {
      const trailers = (): HeaderList => this.#client.trailers;
      dispatchOverNode(this.#upstream, { ...request, trailers }, this.#limits, this);
      return;
    }
    dispatchOverPool(this.#upstream, request, this);
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
    if (status < 100) throw invalidAnswer(`its status is ${status}`);
    const received = decode(controller.rawHeaders);
    // RFC 9110, section 8.6: these have no length; HTTP/2 clients refuse an answer that says one and has no body.
    const headers = forClient(
      status < 200 || status === 204 ? without(received, 'content-length') : received,
    );
    if (status < 200) {
      this.#inform(status, headers);
      return;
    }
    const ours = this.#request.addToAnswer?.(status, headers);
    if (ours !== undefined) headers.push(...ours);
    this.#status = status;
    this.#client.respond(status, reason, headers, isChunked(received));
    this.#tap = this.#events.onAnswer(status, headers, withheldFrom(received));
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
    countBodyBytes(chunk.length);
    this.#tap?.(chunk);
    if (this.#client.write(chunk)) return;
    controller.pause();
    if (this.#drains) return;
    // Most bodies never fill the client's buffer, and need no listener.
    this.#drains = true;
    this.#client.onDrain(() => this.#controller?.resume());
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#finish();
    this.#client.end(trailersFor(decode(controller.rawTrailers)));
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#over) return;
    // undici waits for the body that a 304 or 204 names the length of, where there is none (RFC 9112, section 6.3).
    if ((this.#status === 304 || this.#status === 204) && isLengthMismatch(error)) {
      this.#finish();
      this.#client.end([]);
      return;
    }
    if (isUnaskedContinue(error)) this.#upstream.quirks.sendsContinue = true;
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
    this.#tap?.(null);
    // Lets go of the client's request, of which there may be more to come.
    this.#body?.destroy();
  }

  /**
   * A kept-alive connection may close just as it is used again; that is nobody's mistake and nothing was done yet.
   * An unasked 100 Continue costs undici the answer, which node:http then gets.
   */
  #mayRetry(error: Error): boolean {
    return (
      !this.#retried &&
      this.#stopped === undefined &&
      !this.#client.answered &&
      this.#client.body === null &&
      SAFE_METHODS.has(this.#client.method) &&
      (isConnectionLoss(error) || isUnaskedContinue(error))
    );
  }
}

/**
 * What undici cannot send. Only a body without a length can be followed by trailers in HTTP/1.1, whether they
 * are announced or not; in HTTP/2 also one with a length can (RFC 9113, section 8.1), where they should be announced.
 */
function needsNode(
  client: Downstream,
  request: { readonly path: string; readonly headers: HeaderList },
): boolean {
  if (client.body === null) return request.path === '*';
  return (
    request.path === '*' ||
    headerOf(request.headers, 'content-length') === undefined ||
    headerOf(request.headers, 'trailer') !== undefined
  );
}

/** undici hands header sections on as bytes. HTTP's are Latin-1 (RFC 9110, section 5.5), which keeps each byte. */
function decode(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}

/**
 * Only a chunked answer can have a trailer section.
 * @throws where the body is coded in another way as well, which would be lost (RFC 9112, section 6.1)
 */
function isChunked(headers: HeaderList): boolean {
  const coding = headerOf(headers, 'transfer-encoding');
  if (coding === undefined) return false;
  if (coding.trim().toLowerCase() !== 'chunked') throw invalidAnswer(`its transfer coding is ${coding}`);
  return true;
}
