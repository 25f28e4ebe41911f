import { createCookieJar } from './jar.ts';
import type { CookieRequest, LineVerdict, SetCookieLine, ThirdPartyCookies } from './types.ts';

/**
 * Judges one Set-Cookie line by itself, as if the jar were empty: everything but overwriting and eviction.
 * `request` is the request it answers, `nowMs` the time in milliseconds since 1970. Throws only for a request URL
 * that is none.
 */
export function judgeSetCookie(
  line: SetCookieLine,
  request: CookieRequest,
  nowMs: number,
  thirdPartyCookies: ThirdPartyCookies = 'allowed',
): LineVerdict {
  const jar = createCookieJar({ thirdPartyCookies });
  const [verdict] = jar.receive({ request, setCookie: [line] }, nowMs);
  if (verdict === undefined) throw new RangeError('one line has one verdict');
  return verdict;
}
