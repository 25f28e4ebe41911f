import { isForbiddenRequestHeader } from './forbidden-header.ts';
import { combineHeaders } from './headers.ts';
import { isSafelistedHeader } from './safelisted-header.ts';
import type { HeaderPairs } from './types.ts';

/** Fetch, "CORS-unsafe request-header names": safelisted values together may be no longer than this. In bytes. */
const SAFE_TOTAL_MAX = 1024;

/**
 * The request headers that a preflight has to ask for: lower case, sorted (Fetch, "CORS-unsafe request-header names";
 * Chromium's CorsUnsafeNotForbiddenRequestHeaderNames). If the safelisted ones are too long together, all of them are.
 */
export function unsafeHeaderNames(headers: HeaderPairs): readonly string[] {
  const unsafe: string[] = [];
  const safe: string[] = [];
  let safeLength = 0;
  for (const [name, value] of combineHeaders(headers)) {
    if (isForbiddenRequestHeader(name, value)) continue;
    if (isSafelistedHeader(name, value)) {
      safe.push(name);
      safeLength += value.length;
    } else {
      unsafe.push(name);
    }
  }
  return safeLength > SAFE_TOTAL_MAX ? [...unsafe, ...safe].toSorted() : unsafe;
}
