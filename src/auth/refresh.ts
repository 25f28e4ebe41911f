import type { Api } from './api.ts';
import type { RefreshRecord } from './store/types.ts';
import { type Claims, pythonInt } from './tokens/claims.ts';
import { TokenError } from './tokens/tokens.ts';

/** What the ledger keeps of a refresh token's claims. */
export function refreshRecord(claims: Claims): RefreshRecord {
  const milliseconds = (name: string): number => clampTime((pythonInt(claims[name]) ?? 0) * 1000);
  const userId = pythonInt(claims['user_id']);
  return {
    jti: String(claims['jti']),
    userId: userId !== undefined && Number.isSafeInteger(userId) ? userId : null,
    issuedAt: milliseconds('iat'),
    expiresAt: milliseconds('exp'),
  };
}

/** A token of ours may name any number as a time; beyond what a date can be, it is simply far away. */
function clampTime(milliseconds: number): number {
  return Math.max(-8.64e15, Math.min(8.64e15, milliseconds));
}

/** How long a rotated token may still follow to its successor. */
export function graceMs(api: Pick<Api, 'config' | 'strict'>): number {
  const { reuse, graceSeconds } = api.config.tokens;
  return !api.strict && reuse === 'grace' ? graceSeconds * 1000 : 0;
}

/**
 * The claims of a refresh token that is good and was not denied.
 * @throws TokenError
 */
export async function verifyRefresh(api: Api, token: string): Promise<Claims> {
  const claims = api.tokens.verify(token, 'refresh');
  if (api.config.tokens.denyList && (await isDenied(api, claims)))
    throw new TokenError('Token is blacklisted');
  return claims;
}

/** Whether a token was denied, or rotated away longer ago than the grace time. */
export async function isDenied(api: Api, claims: Claims): Promise<boolean> {
  return api.store.isRefreshDenied(String(claims['jti']), api.clock().getTime(), graceMs(api));
}

/**
 * Exchanges a refresh token for the claims of the next one.
 * @throws TokenError where it was denied or used before.
 */
export async function rotate(api: Api, claims: Claims): Promise<Claims> {
  const next = api.tokens.renewRefresh(claims);
  if (!api.config.tokens.denyList) return next;
  const rotation = await api.store.rotateRefresh({
    presented: refreshRecord(claims),
    next: refreshRecord(next),
    now: api.clock().getTime(),
    reuse: api.strict ? 'strict' : api.config.tokens.reuse,
    graceMs: graceMs(api),
  });
  switch (rotation.kind) {
    case 'rotated':
      return next;
    case 'followed': {
      const { jti, issuedAt, expiresAt } = rotation.head;
      return { ...next, jti, iat: issuedAt / 1000, exp: expiresAt / 1000 };
    }
    case 'refused':
      throw new TokenError('Token is blacklisted');
  }
}
