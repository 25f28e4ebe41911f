import { headerValue, tokenList } from './headers.ts';
import type { CorsRequest, CredentialsMode, HeaderPairs } from './types.ts';

/** Longer than any safelisted value, so that the header asks for a preflight whatever its name. */
const UNSAFE_VALUE = 'x'.repeat(129);

/** Whether a request as a server sees it is a preflight (Fetch, "CORS-preflight request"). */
export function isPreflight(method: string, headers: HeaderPairs): boolean {
  return (
    method === 'OPTIONS' &&
    headerValue(headers, 'origin') !== null &&
    headerValue(headers, 'access-control-request-method') !== null
  );
}

/**
 * The request that a preflight asks leave for, as far as the preflight shows it: enough for `checkPreflight`. The values
 * of its headers are not known, only that they need leave; nor is the credentials mode, which the caller has to suppose.
 */
export function requestOfPreflight(
  seen: { readonly url: string; readonly headers: HeaderPairs },
  credentials: CredentialsMode,
): CorsRequest {
  const names = tokenList(headerValue(seen.headers, 'access-control-request-headers')) ?? [];
  return {
    url: seen.url,
    method: headerValue(seen.headers, 'access-control-request-method') ?? 'GET',
    headers: names.map((name) => [name.toLowerCase(), UNSAFE_VALUE] as const),
    pageOrigin: headerValue(seen.headers, 'origin') ?? 'null',
    credentials,
    mode: 'cors',
    redirect: 'follow',
  };
}
