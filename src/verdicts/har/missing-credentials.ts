import type { Finding } from '../findings/types.ts';
import { valuesOf } from '../header-pairs.ts';
import type { HeaderPairs, WatchedExchange, WatchSettings } from '../watch/types.ts';

/**
 * JD102 in a recording, which has no canary and ends soon: cookies for the whole host were set, none of them was refused,
 * and the next call of the page carries none and is answered 401 or 403. That is how a call without credentials looks
 * (Fetch, Requests: credentials mode); a deletion in between is the other way, so the evidence says "if".
 * @param found what the rules say of the same recording.
 */
export function missingCredentials(
  exchanges: readonly WatchedExchange[],
  settings: WatchSettings,
  found: readonly Finding[],
): Finding | null {
  if (found.some(({ code }) => code === 'JD102')) return null;
  const calls = exchanges.filter((exchange) => isCallOfPage(exchange, settings));
  if (calls.some(({ requestHeaders }) => /^(?:cookie|authorization)$/im.test(names(requestHeaders))))
    return null;
  const login = calls.find((exchange) => setsLastingCookie(exchange.responseHeaders));
  if (login === undefined || found.some((finding) => refusesCookieOf(finding, login))) return null;
  const refused = calls.find(
    ({ at, status }) => at >= login.at + login.durationMs && (status === 401 || status === 403),
  );
  if (refused === undefined) return null;
  const [first, second] = [login, refused].map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  return {
    code: 'JD102',
    evidence: `${first} set cookies, and ${second} after it carried none and was answered ${refused.status}. If nobody deleted them, the calls go without credentials.`,
    subject: first ?? '',
    host: new URL(login.url).hostname,
    exchanges: [login.id, refused.id],
    at: refused.at,
  };
}

/** A fetch of the page to the API on the same site: where the page is of another site, JD101 is the cause. */
function isCallOfPage(
  { method, url, kind, requestHeaders }: WatchedExchange,
  { apiOrigin, frontendOrigin }: WatchSettings,
): boolean {
  if (kind !== 'http' || method === 'OPTIONS' || new URL(url).origin !== apiOrigin) return false;
  return (
    valuesOf(requestHeaders, 'sec-fetch-site')[0] === 'same-site' &&
    valuesOf(requestHeaders, 'sec-fetch-mode')[0] === 'cors' &&
    [undefined, frontendOrigin].includes(valuesOf(requestHeaders, 'origin')[0])
  );
}

function setsLastingCookie(headers: HeaderPairs): boolean {
  return headers.some(
    ([name, value]) =>
      name.toLowerCase() === 'set-cookie' &&
      /^[^=;]{1,200}=[^;\s"]/.test(value) &&
      /;\s?path=\/(?:;|$)/i.test(value) &&
      !/;\s?(?:max-age=(?:0|-)|expires=thu, 01 jan 1970)/i.test(value),
  );
}

function refusesCookieOf({ code, exchanges }: Finding, { id }: WatchedExchange): boolean {
  return (code === 'JD101' || code.startsWith('JD44')) && exchanges.includes(id);
}

function names(headers: HeaderPairs): string {
  return headers.map(([name]) => name).join('\n');
}
