import { headerValue } from './headers.ts';
import { hasUserinfo, isSameOrigin, originOf } from './origin.ts';
import type { CorsProblem, HeaderPairs, HttpAnswer } from './types.ts';

/** Fetch, "redirect status". */
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);

export function isRedirectStatus(status: number): boolean {
  return REDIRECT_STATUS.has(status);
}

/** Schemes that no redirect may lead to (Chromium's IsSafeRedirectTarget). Others fail where they are to be fetched. */
const UNSAFE_SCHEMES =
  /^(?:about|blob|chrome|chrome-extension|chrome-untrusted|data|devtools|file|filesystem):$/;

export function isUnsafeTarget(target: URL): boolean {
  return UNSAFE_SCHEMES.test(target.protocol);
}

/** Fetch, "HTTP-redirect fetch", step 7. */
export const REDIRECT_MAX = 20;

/**
 * The answer's `Location`, null where it is no redirect: another status, or the header is missing or empty
 * (Chromium's HttpResponseHeaders::IsRedirect takes the first line).
 */
export function redirectLocation(answer: HttpAnswer): string | null {
  if (!isRedirectStatus(answer.status)) return null;
  const line = answer.headers.find(([name]) => name.toLowerCase() === 'location');
  const value = line === undefined ? null : headerValue([line], 'location');
  return value === '' ? null : value;
}

/**
 * Fetch, "HTTP-redirect fetch", steps 8 and 9: no userinfo in a redirect to another origin, nor in any redirect once
 * the fetch is a cross-origin one (Chromium's CheckRedirectLocation).
 */
export function checkRedirectTarget(
  target: URL,
  state: { readonly pageOrigin: string; readonly crossOrigin: boolean; readonly originTainted: boolean },
): CorsProblem | null {
  if (!hasUserinfo(target)) return null;
  const away = state.originTainted || !isSameOrigin(state.pageOrigin, originOf(target));
  if (!away && !state.crossOrigin) return null;
  return {
    error: 'RedirectContainsCredentials',
    failedParameter: '',
    on: 'response',
    header: 'location',
    value: target.href,
    wanted: null,
  };
}

/** Fetch, "HTTP-redirect fetch", step 12: POST becomes GET after 301 and 302, everything but HEAD after 303. */
export function methodAfterRedirect(status: number, method: string): string {
  if ((status === 301 || status === 302) && method === 'POST') return 'GET';
  if (status === 303 && method !== 'HEAD') return 'GET';
  return method;
}

/** Fetch, "request-body-header name": they go with the body. */
const BODY_HEADERS = new Set([
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
]);

/**
 * The headers that go on to the redirect's target: without those of a dropped body, and without `Authorization` to
 * another origin (Fetch, "HTTP-redirect fetch", steps 12 and 13).
 */
export function headersAfterRedirect(
  headers: HeaderPairs,
  change: { readonly bodyDropped: boolean; readonly originChanged: boolean },
): HeaderPairs {
  return headers.filter(([name]) => {
    if (change.bodyDropped && BODY_HEADERS.has(name.toLowerCase())) return false;
    return !(change.originChanged && name.toLowerCase() === 'authorization');
  });
}
