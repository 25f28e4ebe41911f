import { headerValue, tokenList } from './headers.ts';
import type { CredentialsMode, HttpAnswer } from './types.ts';

/** Fetch, "CORS-safelisted response-header name". */
const SAFELISTED = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]);

/** Fetch, "forbidden response-header name". */
const FORBIDDEN = new Set(['set-cookie', 'set-cookie2']);

/**
 * The names of `Response.headers` (lower case, sorted).
 * Fetch, "CORS filtered response": the safelisted ones and those that `Access-Control-Expose-Headers` lists, where `*`
 * stands for all unless the request was made with `include`. One malformed name voids that list.
 */
export function visibleHeaders(
  type: 'basic' | 'cors',
  answer: HttpAnswer,
  credentials: CredentialsMode,
): readonly string[] {
  const names = new Set(answer.headers.map(([name]) => name.toLowerCase()));
  const listed = tokenList(headerValue(answer.headers, 'access-control-expose-headers')) ?? [];
  const exposed = new Set(listed.map((name) => name.toLowerCase()));
  const everything = type === 'basic' || (exposed.has('*') && credentials !== 'include');
  return [...names]
    .filter((name) => !FORBIDDEN.has(name) && (everything || SAFELISTED.has(name) || exposed.has(name)))
    .toSorted();
}
