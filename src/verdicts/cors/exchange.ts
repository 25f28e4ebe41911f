import { checkHeaders } from './check-headers.ts';
import type { FetchRun, Hop, Outcome } from './fetch-state.ts';
import { checkPreflight, needsPreflight } from './preflight.ts';
import { permissionAge } from './preflight-cache.ts';
import { readPermission } from './preflight-permission.ts';
import type { HeaderPairs, HttpAnswer, SentRequest } from './types.ts';
import { unusable } from './unusable-answer.ts';

/** An answer, or the net error that came instead. */
type Delivery = { readonly answer: HttpAnswer } | { readonly netError: string };

function withoutFragment(url: URL): string {
  const plain = new URL(url);
  plain.hash = '';
  return plain.href;
}

/** Fetch, "append a request `Origin` header". */
function originHeader(hop: Hop): string | null {
  const { method, pageOrigin } = hop.request;
  if (!hop.crossOrigin && (method === 'GET' || method === 'HEAD')) return null;
  return hop.originTainted ? 'null' : pageOrigin;
}

/** Both caches are partitioned by site, and a page with an opaque origin has a partition that nothing is kept for. */
function keepsAnswers(run: FetchRun): boolean {
  return !run.page.opaque;
}

/**
 * Whether Chromium sends a request again by itself: after an end of the connection, for it may have been an idle one that
 * the server had given up (RFC 9112 §9.3.1; on a fresh connection it does not, but a page has mostly talked to its
 * server before), and after 421, for the connection may be another host's (RFC 9110 §15.5.20). Once only.
 */
function isRetried(answer: HttpAnswer | null): boolean {
  return answer === null || answer.status === 421;
}

function deliver(run: FetchRun, request: SentRequest): Delivery {
  const send = (): HttpAnswer | null => {
    run.sent.push(request);
    return run.answer(request);
  };
  const first = send();
  const answer = isRetried(first) ? send() : first;
  if (answer === null) return { netError: 'net::ERR_EMPTY_RESPONSE' };
  const netError = unusable(request.url, answer);
  return netError === null ? { answer } : { netError };
}

/**
 * Asks the server for leave where that is needed and no earlier answer covers the request.
 * @returns what became of the fetch where leave is not given, null where it may go on.
 */
export function askLeave(run: FetchRun, hop: Hop): Outcome | null {
  const need = hop.crossOrigin ? needsPreflight(hop.request) : null;
  if (need === null) return null;
  const url = withoutFragment(hop.url);
  const origin = originHeader(hop) ?? 'null';
  const key = { origin, url: hop.url.href, site: run.pageSite };
  if (run.preflightCache.covers(key, hop.request, run.now)) return null;
  const delivery = deliver(run, {
    url,
    method: 'OPTIONS',
    origin,
    preflight: true,
    headers: need.headers,
    credentialed: false,
    cookieSent: false,
  });
  if ('netError' in delivery) return delivery;
  const { answer } = delivery;
  const problem = checkPreflight(hop.request, answer, hop);
  if (problem !== null) return { problem };
  const read = readPermission(hop.request, answer);
  if ('permission' in read && keepsAnswers(run)) {
    run.preflightCache.keep(key, read.permission, run.now + permissionAge(answer));
  }
  return null;
}

/** Sends the request itself, or takes a fresh answer out of the HTTP cache. */
export function sendRequest(run: FetchRun, hop: Hop): Delivery {
  const url = withoutFragment(hop.url);
  const { method } = hop.request;
  const origin = originHeader(hop);
  const key = { url, site: run.pageSite };
  const headers: HeaderPairs =
    origin === null ? hop.request.headers : [...hop.request.headers, ['origin', origin]];
  const cached = keepsAnswers(run) ? run.httpCache.find(key, { method, headers }, run.now) : null;
  if (cached !== null) return { answer: cached };
  const delivery = deliver(run, {
    url,
    method,
    origin,
    preflight: false,
    headers: hop.request.headers.map(([name]) => name).toSorted(),
    credentialed: hop.credentialed,
    cookieSent: hop.credentialed && run.mayCarryCookie(hop.url),
  });
  // What the page may not read ends the transfer before the cache has it whole.
  if ('answer' in delivery && keepsAnswers(run) && checkHeaders(hop, delivery.answer) === null) {
    run.httpCache.keep(key, { method, headers }, delivery.answer, run.now);
  }
  return delivery;
}
