import { setBy } from '../answer-cookies.ts';
import { fingerprint } from '../memory/fingerprint.ts';
import { createLru } from '../memory/lru.ts';
import { requestCookie } from '../request-cookies.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import type { Sight } from '../sight.ts';
import { duration, requestLine } from '../words.ts';

/** Django's SESSION_COOKIE_NAME. */
const SESSION = 'sessionid';
const SESSIONS = 500;

/**
 * JD405: the session that a login began is still sent after its logout (dj-rest-auth's SESSION_LOGIN). The same session
 * must be seen three times (set by the login, sent to the logout, sent after it), as sessions of visitors outlive both.
 */
export function createSessionCookieRule(): Rule {
  /** By fingerprint: when its logout was answered, null before. */
  const sessions = createLru<string, { loggedOut: number | null; exchange: string }>(SESSIONS);
  return (sight) => {
    if (!sight.exchange.fromBackend) return NONE;
    const endpoint = sight.endpoint;
    const isDone = sight.exchange.status >= 200 && sight.exchange.status < 300;
    const begun = endpoint === 'login' && isDone ? setBy(sight, SESSION) : undefined;
    if (begun !== undefined) {
      sessions.set(fingerprint(begun.value), { loggedOut: null, exchange: sight.exchange.id });
      return NONE;
    }
    const sent = sight.cookie.includes(SESSION) ? requestCookie(sight.cookie, SESSION) : null;
    const session = sent === null ? undefined : sessions.get(fingerprint(sent));
    if (session === undefined) return NONE;
    if (endpoint === 'logout' && isDone) {
      session.loggedOut ??= sight.end;
      session.exchange = sight.exchange.id;
      return NONE;
    }
    return session.loggedOut !== null && sight.exchange.at > session.loggedOut && isAccepted(sight)
      ? [stillSent(sight, sight.exchange.at - session.loggedOut, session.exchange)]
      : NONE;
  };
}

function isAccepted({ exchange }: Sight): boolean {
  return exchange.status >= 200 && exchange.status < 400 && exchange.method !== 'OPTIONS';
}

function stillSent(sight: Sight, ms: number, logout: string): ReturnType<typeof findingOf> {
  return findingOf('JD405', sight, {
    evidence: `${requestLine(sight)} carries the ${SESSION} of a login whose logout was ${duration(ms)} before, and was answered ${sight.exchange.status}.`,
    subject: SESSION,
    earlier: [logout],
  });
}
