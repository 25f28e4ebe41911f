import type { Finding } from '../findings/types.ts';
import { isWorthALook } from './first-look.ts';
import { createCookieScopes } from './memory/cookie-scopes.ts';
import { NONE, type Rule } from './rule.ts';
import { createClocksRule } from './rules/clocks.ts';
import { createCorsRule } from './rules/cors.ts';
import { corsCaching } from './rules/cors-caching.ts';
import { createCredentialsRule } from './rules/credentials.ts';
import { crossSitePage } from './rules/cross-site-page.ts';
import { createCsrfRule } from './rules/csrf.ts';
import { createDeletionsRule } from './rules/deletions.ts';
import { duplicateCookies } from './rules/duplicate-cookies.ts';
import { createHandshakeRules } from './rules/handshakes.ts';
import { hsts } from './rules/hsts.ts';
import { redirects } from './rules/redirects.ts';
import { refreshCookieIgnored, refreshCookieMissing } from './rules/refresh-cookie.ts';
import { createRefreshLoopRule } from './rules/refresh-loop.ts';
import { createRefreshRaceRule } from './rules/refresh-race.ts';
import { resourcePolicy } from './rules/resource-policy.ts';
import { createServerSideRule } from './rules/server-side.ts';
import { createSessionCookieRule } from './rules/session-cookie.ts';
import { setCookie } from './rules/set-cookie.ts';
import { staleCookie } from './rules/stale-cookie.ts';
import { createSightReader } from './sight.ts';
import type { Watch, WatchSettings } from './types.ts';

/** The proxy's own part of every host: what is tried there is no doing of frontend or backend. */
const OWN_PATHS = '/__jwt-dev/';

/**
 * The rules over live traffic, and over a HAR file. Exchanges are to come in the order in which they ended. Pure: the
 * clock is in what it is given. Its memory has fixed limits, and holds fingerprints of tokens, never tokens.
 */
export function createWatch(settings: WatchSettings): Watch {
  const scopes = createCookieScopes();
  const read = createSightReader(settings);
  const handshakes = createHandshakeRules(settings);
  const rules: readonly Rule[] = [
    crossSitePage,
    createCredentialsRule(),
    createCorsRule(),
    redirects,
    corsCaching,
    resourcePolicy,
    handshakes.exchange,
    refreshCookieIgnored,
    refreshCookieMissing,
    staleCookie,
    // Before the deletions, which learn how this very answer sets its cookies.
    createCsrfRule(scopes),
    createServerSideRule(scopes),
    createDeletionsRule(scopes),
    createSessionCookieRule(),
    createRefreshRaceRule(),
    createRefreshLoopRule(),
    duplicateCookies,
    setCookie,
    createClocksRule(),
    hsts,
  ];
  return {
    exchange: (exchange) => {
      if (!isWorthALook(exchange, settings)) return NONE;
      const sight = read(exchange);
      if (sight.userAgent === settings.ownAgent || sight.path.startsWith(OWN_PATHS)) {
        // It does show that a client gets through.
        handshakes.exchange(sight);
        return NONE;
      }
      let found: Finding[] | undefined;
      for (const rule of rules) {
        const findings = rule(sight);
        if (findings.length > 0) (found ??= []).push(...findings);
      }
      return found ?? NONE;
    },
    handshake: (handshake) => handshakes.handshake(handshake),
    passed: handshakes.passed,
  };
}
