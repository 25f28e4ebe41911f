import { headerLines } from './headers.ts';
import { redirectLocation } from './redirect.ts';
import type { HttpAnswer } from './types.ts';

/** Headers that decide what an answer is: two lines that differ may be somebody else's (Chromium's HttpStreamParser). */
const SINGLE = [
  ['content-disposition', 'net::ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_DISPOSITION'],
  ['location', 'net::ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION'],
] as const;

/**
 * Whether an answer fails in the network stack, before any CORS check, a preflight's too.
 * @param url of the request, which the target of a redirect is relative to.
 * @returns Chromium's net error, null for an answer that can be used.
 */
export function unusable(url: string, answer: HttpAnswer): string | null {
  if (answer.headers.some(([, value]) => value.includes('\0'))) return 'net::ERR_INVALID_HTTP_RESPONSE';
  for (const [name, netError] of SINGLE) {
    if (new Set(headerLines(answer.headers, name)).size > 1) return netError;
  }
  // RFC 9110 §15.5.8: only a proxy may answer so.
  if (answer.status === 407) return 'net::ERR_UNEXPECTED_PROXY_AUTH';
  const location = redirectLocation(answer);
  return location === null || URL.canParse(location, url) ? null : 'net::ERR_INVALID_REDIRECT';
}
