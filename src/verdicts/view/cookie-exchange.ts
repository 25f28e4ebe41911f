import { fromHeaders } from '../cookies/from-headers.ts';
import { asBytes } from '../watch/answer-cookies.ts';
import { requestCookies } from '../watch/request-cookies.ts';
import { answerHeaders, isPreflight, type Sight } from '../watch/sight.ts';
import type { CookieExchange } from './client-jar.ts';

/** More lines than an answer of a working backend has. */
const LINES = 60;

/** What an exchange shows of cookies. null: it is none of a jar's, as its URL is none. */
export function cookieExchangeOf(sight: Sight): CookieExchange | null {
  const { exchange } = sight;
  if (!URL.canParse(exchange.url)) return null;
  const headers: Record<string, string> = {};
  for (const [name, value] of exchange.requestHeaders) headers[name.toLowerCase()] ??= value;
  const guess = fromHeaders(exchange.url, exchange.method, headers);
  const [date] = answerHeaders(sight, 'date');
  const clearSiteData = answerHeaders(sight, 'clear-site-data');
  return {
    id: exchange.id,
    host: sight.host,
    at: exchange.at,
    end: sight.end,
    guess,
    credentialed: isCredentialed(sight, guess),
    sent: requestCookies(sight.cookie),
    response: {
      setCookie: sight.setCookie.slice(0, LINES).map(asBytes),
      ...(clearSiteData.length === 0 ? {} : { clearSiteData }),
      ...(date === undefined ? {} : { date }),
    },
  };
}

/** As far as it is certain. The canary goes along with every request of our pages that has credentials. */
function isCredentialed(
  sight: Sight,
  { request, uncertain }: CookieExchange['guess'],
): CookieExchange['credentialed'] {
  if (isPreflight(sight)) return null;
  const { canary } = sight.exchange;
  if (sight.cookie !== '' || canary === 'sent') return true;
  if (canary === 'not-sent' && sight.fetchMode === 'cors' && sight.fetchSite === 'same-site') return false;
  if (request.credentials === 'unknown' || uncertain.includes('credentials')) return null;
  return request.credentials;
}
