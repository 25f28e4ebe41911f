import type { Fix } from '../../findings/types.ts';
import type { CookieScopes } from '../memory/cookie-scopes.ts';
import { requestCookie } from '../request-cookies.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import type { Sight } from '../sight.ts';
import { requestLine, shown } from '../words.ts';

/** Django's CSRF_COOKIE_NAME. */
const TOKEN = 'csrftoken';
const REFUSALS = /CSRF Failed|CSRF verification failed|(?:Origin|Referer) checking failed/i;

/**
 * JD430: Django's CsrfViewMiddleware refuses, in its own words. JD431: it misses the token, which the page could not
 * send, as its cookie is host-only on the API (RFC 6265bis, 5.1.3).
 */
export function createCsrfRule(scopes: CookieScopes): Rule {
  return (sight) => {
    const { status, refusal, fromBackend } = sight.exchange;
    if (status !== 403 || refusal === null || !fromBackend || !REFUSALS.test(refusal)) return NONE;
    return [isUnreadable(sight, refusal) ? unreadable(sight) : refused(sight, refusal)];
  };

  function isUnreadable(sight: Sight, refusal: string): boolean {
    if (sight.origin !== sight.settings.frontendOrigin || sight.where !== 'api') return false;
    if (/checking failed/i.test(refusal) || sight.csrfHeader) return false;
    if (requestCookie(sight.cookie, TOKEN) === null) return false;
    const known = scopes.find(sight.client, sight.host, TOKEN);
    return known !== undefined && !known.several && !known.latest.domain.startsWith('.');
  }
}

function unreadable(sight: Sight): ReturnType<typeof findingOf> {
  const { hostname } = new URL(sight.settings.frontendOrigin);
  return findingOf('JD431', sight, {
    evidence: `${requestLine(sight)} was refused without X-CSRFToken. ${TOKEN} is host-only on ${sight.host}, so scripts on ${hostname} cannot read it.`,
    subject: TOKEN,
    fixes: [{ place: 'Django', text: `CSRF_COOKIE_DOMAIN = '.${hostname}'` }],
  });
}

function refused(sight: Sight, refusal: string): ReturnType<typeof findingOf> {
  const words = /(?:CSRF|Origin checking|Referer checking)[^"<\n]*/i.exec(refusal)?.[0] ?? refusal;
  return findingOf('JD430', sight, {
    // A Referer that Django quotes may hold more than its origin.
    evidence: `${requestLine(sight)} was refused: ${shown(words.replace(/(https?:\/\/[^/\s]+)\/\S*/g, '$1/…'), 200)}`,
    subject: /checking failed/i.test(words) ? (sight.origin ?? 'Referer') : TOKEN,
    fixes: fixesFor(words, sight),
  });
}

function fixesFor(words: string, sight: Sight): readonly Fix[] {
  if (/Origin checking failed/i.test(words) && sight.origin !== null) {
    return [{ place: 'Django', text: `CSRF_TRUSTED_ORIGINS = ['${shown(sight.origin)}']` }];
  }
  if (/Referer/i.test(words)) return [];
  if (/cookie not set/i.test(words)) {
    return [{ place: 'Django', text: '@ensure_csrf_cookie on a view that the page asks first' }];
  }
  return [
    {
      place: 'axios',
      text: "axios.create({ withCredentials: true, withXSRFToken: true, xsrfCookieName: 'csrftoken', xsrfHeaderName: 'X-CSRFToken' })",
    },
    { place: 'fetch', text: "fetch(url, { credentials: 'include', headers: { 'X-CSRFToken': token } })" },
  ];
}
