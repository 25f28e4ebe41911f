import { STATUS_CODES } from 'node:http';
import type { Downstream } from './downstream.ts';
import { answerFailure } from './error-page.ts';
import { hostUnknown, notSupported, proxyFault, proxyLoop } from './failures.ts';
import { forward } from './forward.ts';
import { countHops, forUpstream, headersOf } from './headers.ts';
import type { Limits } from './limits.ts';
import { type ExchangeRecord, type ObserveDeps, observe } from './observe.ts';
import { isFailure, parseRequestTarget, type RequestTarget } from './request-target.ts';
import type { RouteTable } from './routes.ts';
import type { Failure, FailureCode, Route } from './types.ts';
import type { UpstreamConnections } from './upstreams.ts';

export interface HandleDeps extends ObserveDeps {
  readonly routes: () => RouteTable;
  readonly connections: (route: Route) => UpstreamConnections;
  readonly frontendOrigin: () => string;
  readonly limits: Limits;
}

/** Where a request goes, once nothing speaks against it. */
export interface Destination {
  readonly route: Route;
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
    else passOn(client, destination, record, deps);
  } catch (error) {
    answerBy(client, proxyFault(error), record, deps);
  }
}

/** RFC 9112, section 6.1. What is not understood cannot be passed on without its meaning being lost. */
function hasUnknownCoding(client: Downstream): boolean {
  return headersOf(client.headers, 'transfer-encoding').some(
    (coding) => coding.trim().toLowerCase() !== 'chunked',
  );
}

/** The checks that come before any upstream, in order: a valid request, a known host, no loop. */
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
  return { route, target, hops };
}

function passOn(
  client: Downstream,
  destination: Destination,
  record: ExchangeRecord,
  deps: HandleDeps,
): void {
  const upstream = deps.connections(destination.route);
  record.upstream = upstream.label;
  const headers = headersFor(client, destination);
  forward(client, { path: destination.target.path, headers }, upstream, deps.limits, {
    onAnswer: (status, answerHeaders, withheld) => {
      record.status = status;
      record.responseHeaders = answerHeaders;
      record.withheldHeaders = withheld;
    },
    onFailure: (failure) => answerBy(client, failure, record, deps),
  });
}

/** The header section of a request for its upstream. */
export function headersFor(client: Downstream, destination: Destination): string[] {
  return forUpstream(client.headers, {
    authority: destination.target.authority,
    clientAddress: client.clientAddress,
    port: client.port,
    hops: destination.hops,
  });
}

/** After these, what follows on the connection may not be what the client meant as its next request. */
const DOUBTFUL: ReadonlySet<FailureCode> = new Set([
  'ERR_BAD_REQUEST',
  'ERR_NOT_SUPPORTED',
  'ERR_REQUEST_TIMEOUT',
]);

/** Records a failure, and answers the client with it where it has no answer yet. */
export function answerBy(
  client: Downstream,
  failure: Failure,
  record: ExchangeRecord,
  deps: Pick<HandleDeps, 'frontendOrigin' | 'newId'>,
): void {
  record.failure = failure;
  if (client.answered || client.closed) return;
  if (DOUBTFUL.has(failure.code)) client.endConnection();
  const answer = answerFailure(failure, client, {
    frontendOrigin: deps.frontendOrigin(),
    nonce: deps.newId(),
  });
  client.respond(answer.status, STATUS_CODES[answer.status] ?? '', answer.headers, false);
  record.status = answer.status;
  record.responseHeaders = answer.headers;
  if (client.method !== 'HEAD' && answer.body !== '') client.write(Buffer.from(answer.body));
  client.end([]);
}
