import type { CookieConfig, TokenConfig } from '../config/types.ts';
import { type CookieToSet, formatCookie } from './http/cookies.ts';

/** Where a cookie lives: what a deletion must name again, or the browser keeps it. */
export interface CookieScope {
  readonly name: string;
  readonly domain: string | null;
  readonly path: string;
}

/** The scopes of the access and the refresh cookie of a configuration. */
export function cookieScopes(cookies: CookieConfig): readonly CookieScope[] {
  return [
    { name: cookies.accessName, domain: cookies.domain, path: cookies.path },
    { name: cookies.refreshName, domain: cookies.domain, path: cookies.refreshPath },
  ];
}

export function accessCookie(token: string, cookies: CookieConfig, tokens: TokenConfig, now: number): string {
  return tokenCookie(cookies.accessName, cookies.path, token, tokens.accessSeconds, cookies, now);
}

export function refreshCookie(
  token: string,
  cookies: CookieConfig,
  tokens: TokenConfig,
  now: number,
): string {
  return tokenCookie(cookies.refreshName, cookies.refreshPath, token, tokens.refreshSeconds, cookies, now);
}

function tokenCookie(
  name: string,
  path: string,
  value: string,
  lifetimeSeconds: number,
  cookies: CookieConfig,
  now: number,
): string {
  return formatCookie({
    name,
    value,
    path,
    domain: cookies.domain,
    expiresAt: now + lifetimeSeconds * 1000,
    maxAgeSeconds: lifetimeSeconds,
    httpOnly: cookies.httpOnly,
    secure: cookies.secure,
    sameSite: cookies.sameSite,
  });
}

/**
 * The deletion of a cookie, as Django writes it: without HttpOnly, and Secure only where browsers insist on it
 * (SameSite=None, and the prefixes of RFC 6265bis, section 4.1.3).
 */
export function deletionCookie(scope: CookieScope, cookies: CookieConfig): string {
  const deletion: CookieToSet = {
    name: scope.name,
    value: '',
    path: scope.path,
    domain: scope.domain,
    expiresAt: 0,
    maxAgeSeconds: 0,
    httpOnly: false,
    secure: cookies.sameSite === 'None' || /^__(?:secure|host)-/i.test(scope.name),
    sameSite: cookies.sameSite,
  };
  return formatCookie(deletion);
}
