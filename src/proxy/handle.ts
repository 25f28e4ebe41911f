import { STATUS_CODES } from 'node:http';
import { readRefusal, type StartReader, tapStart } from './answer-start.ts';
import { type CanarySettings, canaryFor, takeCanary } from './canary.ts';
import type { Downstream } from './downstream.ts';
import { answerFailure, corsHeaders } from './error-page.ts';
import { hostUnknown, notSupported, pathAmbiguous, proxyFault, proxyLoop } from './failures.ts';
import { type BodyTap, type ForwardRequest, forward } from './forward.ts';
import { countHops, forUpstream, headersOf } from './headers.ts';
import type { Limits } from './limits.ts';
import { type ExchangeRecord, type ObserveDeps, observe } from './observe.ts';
import { answerPreview, requestPreview, tapPreview } from './previews.ts';
import { isFailure, parseRequestTarget, type RequestTarget } from './request-target.ts';
import type { RouteTable } from './routes.ts';
import type { Failure, FailureCode, HeaderList, ProxyDeps, Upstream } from './types.ts';
import type { UpstreamWatch } from './upstream-notices.ts';
import { describeUpstream, withProcessHint } from './upstream-process.ts';
import type { UpstreamConnections } from './upstreams.ts';

export interface HandleDeps extends ObserveDeps {
  readonly routes: () => RouteTable;
  readonly connections: (upstream: Upstream) => UpstreamConnections;
  /** Looks at answers for what the user should be told; undefined: nobody asks. */
  readonly watch: UpstreamWatch | undefined;
  readonly canary: CanarySettings | undefined;
  /** Whether bodies are to be kept as they begin. */
  readonly previews: () => boolean;
  readonly frontendOrigin: () => string;
  readonly publicPort: number | undefined;
  readonly answerOwn: ProxyDeps['answerOwn'] | undefined;
  /** Unguessable. */
  readonly newId: () => string;
  readonly limits: Limits;
}

/** Where a request goes, once nothing speaks against it. */
export interface Destination {
  readonly upstream: Upstream;
  readonly target: RequestTarget;
  readonly hops: number;
}

/** Answers one request: by its upstream, or by the proxy itself where that cannot be. Never throws. */
export function handleRequest(client: Downstream, deps: HandleDeps): void {
  const record = observe(client, 'http', deps);
  try {
    const destination = findDestination(client, record, deps);
    if ('code' in destination) answerBy(client, destination, record, deps);
    else if (hasUnknownCoding(client))
      answerBy(client, notSupported('Of all transfer codings only chunked is known.'), record, deps);
    else if (client.method === 'CONNECT')
      answerBy(client, notSupported('This proxy opens no tunnels.'), record, deps);
    else if (!answerOwnPath(client, destination.target.path, record, deps))
      passOn(client, destination, record, deps);
  } catch (error) {
    answerBy(client, proxyFault(error), record, deps);
  }
}

/** Where the proxy's own paths begin; hardly a request has to be looked at beyond that. */
const OWN_PREFIX = '/__jwt-dev/';

/** false: the path is the upstream's. */
function answerOwnPath(
  client: Downstream,
  path: string,
  record: ExchangeRecord,
  deps: Pick<HandleDeps, 'answerOwn' | 'frontendOrigin'>,
): boolean {
  if (!path.startsWith(OWN_PREFIX)) return false;
  const answer = deps.answerOwn?.(path);
  if (answer === undefined) return false;
  const headers = ownHeaders(answer.body, deps.frontendOrigin());
  client.respond(answer.status, STATUS_CODES[answer.status] ?? '', headers, false);
  record.status = answer.status;
  record.responseHeaders = headers;
  if (client.method !== 'HEAD') client.write(Buffer.from(answer.body));
  client.end([]);
  return true;
}

function ownHeaders(body: string, frontendOrigin: string): HeaderList {
  return [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(body)),
    'cache-control',
    'no-store',
    'x-content-type-options',
    'nosniff',
    ...corsHeaders(frontendOrigin),
  ];
}

/** RFC 9112, section 6.1. What is not understood cannot be passed on without its meaning being lost. */
function hasUnknownCoding(client: Downstream): boolean {
  return headersOf(client.headers, 'transfer-encoding').some(
    (coding) => coding.trim().toLowerCase() !== 'chunked',
  );
}

/** The checks that come before any upstream, in order: a valid request, a known host, no loop, one upstream. */
export function findDestination(
  client: Downstream,
  record: ExchangeRecord,
  deps: Pick<HandleDeps, 'routes' | 'limits'>,
): Destination | Failure {
  const target = parseRequestTarget(client);
  if (isFailure(target)) return target;
  record.hostname = target.hostname;
  record.path = target.path;
  const routes = deps.routes();
  const route = routes.find(target.hostname);
  if (route === undefined) return hostUnknown(target.hostname, routes.hostnames);
  const hops = countHops(client.headers);
  if (hops >= deps.limits.hops) return proxyLoop(target.hostname, hops);
  const upstream = routes.upstreamFor(route, target.path);
  if (upstream === undefined) return pathAmbiguous(target.hostname);
  return { upstream, target, hops };
}

function passOn(
  client: Downstream,
  destination: Destination,
  record: ExchangeRecord,
  deps: HandleDeps,
): void {
  const { upstream, target } = destination;
  const connections = deps.connections(upstream);
  record.upstream = upstream.label;
  const headers = headersFor(client, destination, record, deps);
  const addToAnswer = canaryAdder(client, target.hostname, record, deps);
  const preview = requestPreview(client, record, deps);
  forward(client, { path: target.path, headers, preview, addToAnswer }, connections, deps.limits, {
    onAnswer: (status, answerHeaders, withheld) => {
      record.status = status;
      record.responseHeaders = answerHeaders;
      record.withheldHeaders = withheld;
      const reader = deps.watch?.onAnswer({ target, connections }, { status, headers: answerHeaders });
      return tapPreview(startTap(record, reader), answerPreview(client, record, deps));
    },
    onFailure: (failure) => answerBy(client, failure, record, deps, upstream),
  });
}

/** For whoever wants to see how the answer begins: the watch, and the record of a refusal. */
function startTap(record: ExchangeRecord, reader: StartReader | undefined): BodyTap | undefined {
  if (record.status < 400) return reader && tapStart([reader]);
  const refusal = readRefusal(record.status, record.responseHeaders, (text) => {
    record.refusal = text;
  });
  return tapStart([reader, refusal]);
}

/** undefined: the answer can be none that sets the canary. */
function canaryAdder(
  client: Downstream,
  hostname: string,
  record: ExchangeRecord,
  { canary }: Pick<HandleDeps, 'canary'>,
): ForwardRequest['addToAnswer'] {
  if (canary === undefined || record.canary === 'sent' || hostname !== canary.hostname) return undefined;
  return (status, headers) => canaryFor(canary.site, client.headers, status, headers);
}

/** The header section of a request for its upstream. A canary, also one of an earlier run, stays here. */
export function headersFor(
  client: Downstream,
  destination: Destination,
  record: ExchangeRecord,
  deps: Pick<HandleDeps, 'publicPort' | 'canary'>,
): string[] {
  const headers = forUpstream(client.headers, {
    authority: destination.target.authority,
    clientAddress: client.clientAddress,
    port: deps.publicPort ?? client.port,
    hops: destination.hops,
  });
  const isSent = takeCanary(headers);
  if (deps.canary !== undefined) record.canary = isSent ? 'sent' : 'not-sent';
  return headers;
}

/** After these, what follows on the connection may not be what the client meant as its next request. */
const DOUBTFUL: ReadonlySet<FailureCode> = new Set([
  'ERR_BAD_REQUEST',
  'ERR_NOT_SUPPORTED',
  'ERR_REQUEST_TIMEOUT',
]);

/** Records a failure, and answers the client with it where it has no answer yet. `upstream`: whom it is about. */
export function answerBy(
  client: Downstream,
  found: Failure,
  record: ExchangeRecord,
  deps: Pick<HandleDeps, 'frontendOrigin' | 'newId'>,
  upstream?: Upstream,
): void {
  const failure = upstream === undefined ? found : withProcessHint(found, upstream);
  record.failure = failure;
  if (client.answered || client.closed) return;
  if (DOUBTFUL.has(failure.code)) client.endConnection();
  const settings = { frontendOrigin: deps.frontendOrigin(), nonce: deps.newId() };
  const facts = upstream === undefined ? undefined : describeUpstream(upstream);
  const answer = answerFailure(failure, client, settings, facts);
  client.respond(answer.status, STATUS_CODES[answer.status] ?? '', answer.headers, false);
  record.status = answer.status;
  record.responseHeaders = answer.headers;
  if (client.method !== 'HEAD' && answer.body !== '') client.write(Buffer.from(answer.body));
  client.end([]);
}
