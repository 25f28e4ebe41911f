import { withoutCanary } from '../../proxy/canary.ts';
import { toPairs } from '../../proxy/headers.ts';
import type { Exchange, HeaderList } from '../../proxy/types.ts';
import type { HeaderPairs, WatchedExchange } from '../../verdicts/watch/types.ts';

/** What is loaded for a page without a script asking for it: no credentials, tokens or CORS to judge where it goes well. */
const SUBRESOURCES: ReadonlySet<string> = new Set([
  'audio',
  'font',
  'image',
  'manifest',
  'script',
  'style',
  'track',
  'video',
  'worker',
]);

/** Below our own paths on every host there is nothing of the user's to judge: the browser check errs on purpose. */
export function isOwn({ path }: Pick<Exchange, 'path'>): boolean {
  return path.startsWith('/__jwt-dev/');
}

/**
 * Whether a rule could have anything to say about an exchange. Most of what a frontend serves are its files: they are
 * passed by before anything is done for them.
 */
export function mayMatter(exchange: Exchange, frontendHostname: string): boolean {
  if (isOwn(exchange)) return false;
  if (exchange.hostname !== frontendHostname || exchange.kind !== 'http') return true;
  if (exchange.method !== 'GET' || exchange.status < 200 || exchange.status >= 400) return true;
  if (exchange.withheldHeaders.length > 0 || exchange.failure !== null) return true;
  let destination: string | undefined;
  let hasCookie = false;
  const { requestHeaders, responseHeaders } = exchange;
  for (let at = 0; at < requestHeaders.length; at += 2) {
    const name = (requestHeaders[at] as string).toLowerCase();
    if (name === 'sec-fetch-dest') destination = requestHeaders[at + 1];
    else if (name === 'cookie') hasCookie = true;
    else if (name === 'origin' || name === 'authorization') return true;
    else if (name === 'sec-fetch-site' && isForeign(requestHeaders[at + 1])) return true;
    // A browser that does not have the canary, or no longer: see `createCanaryMemory`.
    else if (name === 'sec-fetch-mode' && exchange.canary === 'not-sent') return true;
  }
  for (let at = 0; at < responseHeaders.length; at += 2) {
    if ((responseHeaders[at] as string).toLowerCase() === 'set-cookie') return true;
  }
  return destination === undefined ? hasCookie : !SUBRESOURCES.has(destination);
}

/** Asked for by a page of another origin. */
function isForeign(fetchSite: string | undefined): boolean {
  return fetchSite === 'same-site' || fetchSite === 'cross-site';
}

export interface WatchedContext {
  /** The https port as clients write it. */
  readonly port: number;
  readonly canary: WatchedExchange['canary'];
}

/** An exchange of the proxy as the rules want it. */
export function toWatchedExchange(exchange: Exchange, { port, canary }: WatchedContext): WatchedExchange {
  const authority = port === 443 ? exchange.hostname : `${exchange.hostname}:${port}`;
  return {
    id: exchange.id,
    kind: exchange.kind,
    at: exchange.startedAt.getTime(),
    durationMs: exchange.durationMs,
    url: `https://${authority}${exchange.path.startsWith('/') ? exchange.path : '/'}`,
    method: exchange.method,
    requestHeaders: requestPairs(exchange.requestHeaders),
    status: exchange.status,
    responseHeaders: toPairs(exchange.responseHeaders),
    withheldHeaders: toPairs(exchange.withheldHeaders),
    refusal: exchange.refusal,
    canary,
    fromBackend: isFromBackend(exchange),
  };
}

/** A client that left in the middle of an answer had it from the backend all the same. */
function isFromBackend({ upstream, failure, status }: Exchange): boolean {
  if (upstream === null || status === 0) return false;
  return failure === null || failure.code === 'ERR_CLIENT_ABORTED';
}

type Pair = readonly [name: string, value: string];

/**
 * As the backend got them: without HTTP/2's pseudo-header fields (method and URL say the same), with one Cookie field where
 * there were crumbs (RFC 9113, section 8.2.3), and without the canary, which is no cookie of the user's.
 */
function requestPairs(headers: HeaderList): HeaderPairs {
  const pairs: Pair[] = [];
  let cookieAt = -1;
  let cookie = '';
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    const value = headers[at + 1] as string;
    if (name.startsWith(':')) continue;
    if (name.length !== 6 || name.toLowerCase() !== 'cookie') pairs.push([name, value]);
    else if (cookieAt !== -1) cookie += `; ${value}`;
    else {
      cookieAt = pairs.push([name, value]) - 1;
      cookie = value;
    }
  }
  if (cookieAt === -1) return pairs;
  const rest = withoutCanary(cookie);
  if (rest === '') pairs.splice(cookieAt, 1);
  else pairs[cookieAt] = [(pairs[cookieAt] as Pair)[0], rest];
  return pairs;
}
