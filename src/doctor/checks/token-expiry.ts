import type { Cookie } from '../../verdicts/cookies/types.ts';
import { tokenTimes } from '../../verdicts/watch/token-claims.ts';

/** A cookie and its token should end together; a minute is for clocks and for slow answers. */
const TOLERANCE_SECONDS = 60;

/**
 * What is wrong with when a token's cookie ends; null: nothing, or it is no JWT that ends.
 * A cookie that outlives its token is sent in vain; one that ends first logs out early.
 */
export function expiryMistake({ value, expires }: Pick<Cookie, 'value' | 'expires'>): string | null {
  const tokenEnds = tokenTimes(value)?.expiresAt ?? null;
  if (tokenEnds === null || expires === null) return null;
  const difference = Math.round((expires - tokenEnds) / 1000);
  if (Math.abs(difference) <= TOLERANCE_SECONDS) return null;
  return difference > 0 ? `outlives its token by ${difference} s` : `ends ${-difference} s before its token`;
}
