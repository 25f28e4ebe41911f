import { createHmac } from 'node:crypto';
import { SECRET } from './auth-api.ts';

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export interface MintOptions {
  /** Instead of the header of ours; a string is taken as it is. */
  readonly header?: unknown;
  readonly key?: string | Buffer;
  readonly hash?: string;
}

/** A JWS with any header and payload, signed by hand: what an attacker with a text editor can make. */
export function mint(payload: unknown, options: MintOptions = {}): string {
  const { header = { alg: 'HS256', typ: 'JWT' }, key = SECRET, hash = 'sha256' } = options;
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

let count = 0;

/** Claims of an access or refresh token that is good for user 1 now. */
export function claimsFor(
  type: 'access' | 'refresh',
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  count += 1;
  return { token_type: type, exp: now + 300, iat: now, jti: `minted-${count}`, user_id: '1', ...changes };
}
