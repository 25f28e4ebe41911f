import { domainMatches } from './domain.ts';
import { pathMatches } from './path.ts';
import type { CookieReason } from './reasons.ts';
import { contextOf, isFirstParty, sendReason } from './same-site.ts';
import { mayUseSecure } from './site.ts';
import { compareMoments, type StoredCookie } from './stored-cookie.ts';
import type { CookieRequest, ThirdPartyCookies } from './types.ts';

/** Longer paths first, then earlier creation (RFC 6265bis 5.8.3). */
export const sendOrder = (a: StoredCookie, b: StoredCookie): number =>
  b.path.length - a.path.length || compareMoments(a.created, b.created);

/**
 * The judge of one request's cookies: a cookie -> why it stays behind, all reasons, sorted; empty: it is sent.
 * RFC 6265bis 5.8.3.
 */
export function createSendRule(
  request: CookieRequest,
  setting: ThirdPartyCookies,
  nowMs: number,
): (cookie: StoredCookie) => CookieReason[] {
  const url = new URL(request.url);
  const { hostname, pathname } = url;
  const secureAllowed = mayUseSecure(url);
  const context = contextOf(request);
  const unpartitionedBlocked = setting === 'blocked' && !isFirstParty(request);
  return (cookie) => {
    const reasons: CookieReason[] = [];
    if (cookie.secure && !secureAllowed) reasons.push('SecureOnly');
    if (!domainMatches(cookie.domain, hostname)) reasons.push('DomainMismatch');
    if (!pathMatches(cookie.path, pathname)) reasons.push('NotOnPath');
    const site = sendReason(cookie.sameSite, context, nowMs - cookie.created.ms);
    if (site !== null) reasons.push(site);
    // Partitioned cookies are what the setting leaves.
    if (unpartitionedBlocked && cookie.partitionKey === null) reasons.push('UserPreferences');
    return reasons.sort();
  };
}

/** The Cookie header as a byte string; a nameless cookie is its bare value. */
export const cookieHeader = (cookies: readonly StoredCookie[]): string =>
  cookies.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
