import { cookieNames } from '../request-cookies.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { cookieName, requestLine } from '../words.ts';

/** The names that a session hangs on; elsewhere than at the API nothing else matters. */
const TELLING = new Set(['csrftoken', 'sessionid']);

/** JD420: two cookies of one name in one Cookie field (RFC 6265bis, 5.8.3): for host and domain, or for two paths. */
export const duplicateCookies: Rule = (sight) => {
  if (sight.cookie === '' || sight.exchange.kind !== 'http') return NONE;
  const { accessCookie, refreshCookie } = sight.settings;
  const names = cookieNames(sight.cookie);
  if (new Set(names).size === names.length) return NONE;
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) {
    // A nameless cookie is its value alone; several of them are several cookies.
    if (name !== '' && seen.has(name)) twice.add(name);
    seen.add(name);
  }
  return [...twice]
    .filter(
      (name) => sight.where === 'api' || TELLING.has(name) || name === accessCookie || name === refreshCookie,
    )
    .map((name) =>
      findingOf('JD420', sight, {
        evidence: `${requestLine(sight)} carries two cookies named ${cookieName(name)}: one host-only and one for a Domain, or of two Paths. Express reads the first, Django the last.`,
        subject: cookieName(name),
      }),
    );
};
