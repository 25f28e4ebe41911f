import { requestCookie } from '../request-cookies.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { tokenTimes } from '../token-claims.ts';
import { duration, requestLine } from '../words.ts';

/** The refusal is about a token, not about a password: simplejwt's code, or the words of Node's JWT libraries. */
const ABOUT_THE_TOKEN =
  /token_not_valid|user_not_found|user_inactive|(?:jwt|token|signature)\b[^]{0,40}(?:invalid|not valid|expired|malformed|failed)|(?:invalid|expired|bad)\s+(?:access\s+)?(?:jwt|token|signature)/i;

/**
 * JD403: login, registration, logout or password reset answers 401 because of the token that came along
 * (iMerica/dj-rest-auth#150). A 401 for a wrong password, and one for having no token at all, say so.
 */
export const staleCookie: Rule = (sight) => {
  const { status, refusal, fromBackend } = sight.exchange;
  if (status !== 401 || refusal === null || !fromBackend || sight.authorized) return NONE;
  const endpoint = sight.endpoint;
  if (endpoint === null || endpoint === 'refresh' || !ABOUT_THE_TOKEN.test(refusal)) return NONE;
  const { accessCookie, refreshCookie } = sight.settings;
  // At logout a backend may mean the refresh token (simplejwt's deny list): that one has its own rules.
  const token = requestCookie(sight.cookie, accessCookie);
  if (token === null) return NONE;
  if (
    endpoint === 'logout' &&
    requestCookie(sight.cookie, refreshCookie) !== null &&
    /blacklist/i.test(refusal)
  ) {
    return NONE;
  }
  const other = endpoint === 'login' ? ', not the password' : '';
  return [
    findingOf('JD403', sight, {
      evidence: `${requestLine(sight)} was refused because of the OLD cookie${other}: ${accessCookie} ${stateOf(token, sight.end)}.`,
      subject: accessCookie,
    }),
  ];
};

function stateOf(token: string, now: number): string {
  const times = tokenTimes(token);
  if (times === null) return 'is not a JWT that can be read';
  if (times.expiresAt === null) return 'has no end, so it was most likely signed with another key';
  if (times.expiresAt <= now) return `expired ${duration(now - times.expiresAt)} ago`;
  return 'has not expired, so it was most likely signed with another key, or its user is gone';
}
