import { checkHeaders } from './check-headers.ts';
import type { Hop, Outcome } from './fetch-state.ts';
import { isSameOrigin, originOf } from './origin.ts';
import {
  checkRedirectTarget,
  headersAfterRedirect,
  isUnsafeTarget,
  methodAfterRedirect,
  REDIRECT_MAX,
} from './redirect.ts';
import type { HttpAnswer } from './types.ts';

/** What `redirect: 'manual'` gets (Fetch, "opaque-redirect filtered response"). */
export const OPAQUE_REDIRECT: Outcome = { type: 'opaqueredirect', status: 0 };

/** A redirect to a scheme that has no CORS (Chromium's CorsURLLoader::StartRequest). */
export function otherScheme(hop: Hop): Outcome {
  if (!hop.crossOrigin) return { netError: 'net::ERR_UNKNOWN_URL_SCHEME' };
  return {
    problem: {
      error: 'CorsDisabledScheme',
      failedParameter: '',
      on: 'response',
      header: 'location',
      value: hop.url.href,
      wanted: null,
    },
  };
}

/**
 * Fetch, "HTTP-redirect fetch", in Chromium's order.
 * @param location resolves to a URL: an answer where it does not has failed before (`unusable`).
 */
export function followRedirect(
  hop: Hop,
  answer: HttpAnswer,
  location: string,
): { readonly next: Hop } | Outcome {
  const target = new URL(location, hop.url);
  const failed = checkHeaders(hop, answer);
  if (failed !== null) return failed;
  const { request } = hop;
  if (request.redirect === 'manual') return OPAQUE_REDIRECT;
  if (isUnsafeTarget(target)) return { netError: 'net::ERR_UNSAFE_REDIRECT' };
  if (hop.redirects === REDIRECT_MAX) return { netError: 'net::ERR_TOO_MANY_REDIRECTS' };
  const { crossOrigin, originTainted } = hop;
  const { pageOrigin, mode } = request;
  const problem =
    mode === 'cors' ? checkRedirectTarget(target, { pageOrigin, crossOrigin, originTainted }) : null;
  if (problem !== null) return { problem };
  if (request.redirect === 'error') return { netError: 'net::ERR_FAILED' };

  const method = methodAfterRedirect(answer.status, request.method);
  const originChanged = originOf(target) !== originOf(hop.url);
  // Fetch, "HTTP-redirect fetch", step 10: the origin is told to nobody once a foreign server has redirected elsewhere.
  const tainted = originTainted || (originChanged && !isSameOrigin(request.pageOrigin, originOf(hop.url)));
  const headers = headersAfterRedirect(request.headers, {
    bodyDropped: method !== request.method,
    originChanged,
  });
  return {
    next: {
      ...hop,
      url: target,
      request: { ...request, url: target.href, method, headers },
      redirects: hop.redirects + 1,
      originTainted: tainted,
    },
  };
}
