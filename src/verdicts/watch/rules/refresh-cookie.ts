import { setBy } from '../answer-cookies.ts';
import { requestCookie } from '../request-cookies.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { requestLine, shown } from '../words.ts';

/** The words of simplejwt and dj-rest-auth, and of those who write the like in Express, for "there is no token". */
const TOKEN_MISSING =
  /refresh\b[^]{0,60}(?:required|missing|not (?:provided|found|included)|may not be (?:blank|null))|(?:missing|no)(?: valid)? refresh/i;

/** JD401: the backend says that the refresh token is missing, and the request carried it in its cookie. */
export const refreshCookieIgnored: Rule = (sight) => {
  const { status, refusal, fromBackend } = sight.exchange;
  if ((status !== 400 && status !== 401) || refusal === null || !fromBackend) return NONE;
  if (sight.endpoint !== 'refresh' || !TOKEN_MISSING.test(refusal)) return NONE;
  const { refreshCookie } = sight.settings;
  if (requestCookie(sight.cookie, refreshCookie) === null) return NONE;
  return [
    findingOf('JD401', sight, {
      evidence: `${requestLine(sight)} got the ${refreshCookie} cookie but answered ${status} ${shown(refusal)}: the view reads only the body.`,
      subject: refreshCookie,
    }),
  ];
};

/** JD402: a login sets the access cookie and leaves the other out, as dj-rest-auth does where it has no name for it. */
export const refreshCookieMissing: Rule = (sight) => {
  const { status, fromBackend } = sight.exchange;
  if (status < 200 || status > 299 || !fromBackend || sight.setCookie.length === 0) return NONE;
  const { accessCookie, refreshCookie } = sight.settings;
  if (sight.endpoint !== 'login' || setBy(sight, accessCookie) === undefined) return NONE;
  if (setBy(sight, refreshCookie) !== undefined) return NONE;
  return [
    findingOf('JD402', sight, {
      evidence: `${requestLine(sight)} set ${accessCookie} but no ${refreshCookie}: when the access token is over, the user is logged out.`,
      subject: refreshCookie,
      fixes: [{ place: 'Django', text: `REST_AUTH = {'JWT_AUTH_REFRESH_COOKIE': '${refreshCookie}'}` }],
    }),
  ];
};
