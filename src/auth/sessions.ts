import type { Api } from './api.ts';
import type { User } from './store/types.ts';
import { accessCookie, deletionCookie, refreshCookie } from './token-cookies.ts';
import { refreshRecord } from './refresh.ts';

/** The two tokens of one login. */
export interface Session {
  readonly access: string;
  readonly refresh: string;
}

/** New tokens for a user, as the head of a refresh family of their own. */
export async function startSession(api: Api, user: User): Promise<Session> {
  const claims = api.tokens.newRefresh(user.id);
  if (api.config.tokens.denyList) {
    await api.housekeeping();
    await api.store.startFamily(refreshRecord(claims));
  }
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

/** The Set-Cookie values that take both cookies back, in every scope in which they may have been set. */
export function clearingCookies(api: Api): readonly string[] {
  return api.knownCookieScopes.map((scope) => deletionCookie(scope, api.config.cookies));
}
