import type { Request } from 'express';
import type { Api } from './api.ts';
import { CSRF_COOKIE, CSRF_COOKIE_SECONDS, createCsrfSecret, csrfCookieDomain } from './csrf.ts';
import { formatCookie } from './http/cookies.ts';
import { refreshRecord } from './refresh.ts';
import type { User } from './store/types.ts';
import { accessCookie, deletionCookie, refreshCookie } from './token-cookies.ts';
import { extraClaims } from './user-details.ts';

/** The two tokens of one login. */
export interface Session {
  readonly access: string;
  readonly refresh: string;
}

/** New tokens for a user, as the head of a refresh family of their own. */
export async function startSession(api: Api, user: User, now: number): Promise<Session> {
  const claims = api.tokens.newRefresh(user.id, extraClaims(user, api.config.userFields));
  if (api.config.tokens.denyList) {
    await api.housekeeping();
    await api.store.startFamily(refreshRecord(claims));
  }
  await api.store.changeUser(user.id, { lastLoginAt: now });
  return { access: api.tokens.accessFor(claims), refresh: api.tokens.sign(claims) };
}

/** The Set-Cookie values that hand a session to the browser. */
export function sessionCookies(api: Api, session: Session): readonly string[] {
  const now = api.clock().getTime();
  const { cookies, tokens } = api.config;
  return [
    accessCookie(session.access, cookies, tokens, now),
    refreshCookie(session.refresh, cookies, tokens, now),
  ];
}

/** With double submit, a new secret for every login, as Django's login() rotates it. */
export function csrfCookies(request: Request, api: Api): readonly string[] {
  if (!api.config.csrf) return [];
  const { hostname } = new URL(api.frontendOrigin);
  return [
    formatCookie({
      name: CSRF_COOKIE,
      value: createCsrfSecret(api.randomBytes),
      path: '/',
      domain: api.strict ? null : csrfCookieDomain(request.hostname, hostname),
      expiresAt: api.clock().getTime() + CSRF_COOKIE_SECONDS * 1000,
      maxAgeSeconds: CSRF_COOKIE_SECONDS,
      httpOnly: false,
      secure: api.config.cookies.secure && !api.strict,
      sameSite: 'Lax',
    }),
  ];
}

/** The Set-Cookie values that take both cookies back, in every scope in which they may have been set. */
export function clearingCookies(api: Api): readonly string[] {
  return api.knownCookieScopes.map((scope) => deletionCookie(scope, api.config.cookies));
}
