import { FORBIDDEN_METHODS, isForbiddenRequestHeader, isValidHeader } from './forbidden-header.ts';
import { combineHeaders, isToken } from './headers.ts';
import { isSafelistedMethod, normalMethod } from './method.ts';
import { hasUserinfo, originOf, parseUrl } from './origin.ts';
import { isSafelistedHeader } from './safelisted-header.ts';
import type { CorsRequest, FetchInit, FetchPage, HeaderPairs } from './types.ts';

/** Fetch, "no-CORS-safelisted request-header name". */
const NO_CORS_NAMES = new Set(['accept', 'accept-language', 'content-language', 'content-type']);

/** The headers that `new Request()` keeps, and the one that a text body adds (Fetch, "Request(input, init)"). */
function keptHeaders(init: FetchInit): HeaderPairs {
  const kept = combineHeaders(init.headers ?? []).filter(([name, value]) => {
    if (isForbiddenRequestHeader(name, value) && name !== 'user-agent') return false;
    return init.mode !== 'no-cors' || (NO_CORS_NAMES.has(name) && isSafelistedHeader(name, value));
  });
  const typed = kept.some(([name]) => name === 'content-type');
  if (init.body !== 'text' || typed) return kept;
  return [...kept, ['content-type', 'text/plain;charset=UTF-8'] as const];
}

/** What `new Request()` refuses with a TypeError, before anything is sent. */
function isRefused(init: FetchInit, method: string): boolean {
  const url = parseUrl(init.url);
  if (url === null || hasUserinfo(url)) return true;
  if (!isToken(method) || FORBIDDEN_METHODS.has(method.toUpperCase())) return true;
  if ((init.headers ?? []).some(([name, value]) => !isValidHeader(name, value))) return true;
  if (init.body !== undefined && (method === 'GET' || method === 'HEAD')) return true;
  return init.mode === 'no-cors' && !isSafelistedMethod(method);
}

/** The origin that a page's requests have: `null` where it is opaque. */
export function pageOriginOf(page: FetchPage): string {
  const url = parseUrl(page.url);
  return page.opaque || url === null ? 'null' : originOf(url);
}

/**
 * `new Request(url, init)` of a page.
 * @returns null where fetch rejects its arguments.
 */
export function startFetch(page: FetchPage, init: FetchInit): CorsRequest | null {
  const method = normalMethod(init.method ?? 'GET');
  if (isRefused(init, method)) return null;
  return {
    url: new URL(init.url).href,
    method,
    headers: keptHeaders(init),
    pageOrigin: pageOriginOf(page),
    credentials: init.credentials ?? 'same-origin',
    mode: init.mode ?? 'cors',
    redirect: init.redirect ?? 'follow',
  };
}
