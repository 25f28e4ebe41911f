import jsonwebtoken from 'jsonwebtoken';
import type { TokenConfig } from '../../config/types.ts';
import type { SigningKey } from '../signing-key.ts';
import { type Claims, checkClaims, type TokenType } from './claims.ts';
import { parseToken } from './format.ts';

export interface TokensDeps {
  readonly config: TokenConfig;
  readonly key: SigningKey;
  readonly clock: () => Date;
  readonly randomBytes: (size: number) => Buffer;
  /** Accept what PyJWT accepts (`auth.compat: "strict"`). */
  readonly lenient: boolean;
}

export interface Tokens {
  /** The claims of a new refresh token for a user; `extra` claims never replace the token's own. */
  readonly newRefresh: (userId: number, extra?: Claims) => Claims;
  /** The same claims with another id and a new lifetime: what rotation hands out. */
  readonly renewRefresh: (claims: Claims) => Claims;
  /** An access token with the refresh token's own claims (user_id and any custom ones). */
  readonly accessFor: (refresh: Claims) => string;
  readonly sign: (claims: Claims) => string;
  /** @throws TokenError */
  readonly verify: (token: string, type: TokenType | undefined) => Claims;
}

/** A token that is not good; the message is what simplejwt tells the client. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  /** What the token says, where at least its signature is good. */
  readonly claims: Claims | undefined;

  constructor(message: string, claims?: Claims) {
    super(message);
    this.claims = claims;
  }
}

/** Claims of a refresh token that an access token has of its own. */
const NOT_COPIED = new Set(['token_type', 'exp', 'iat', 'jti']);

/** Signs and verifies the tokens. The algorithm is pinned: a token's header never chooses it (RFC 8725, section 3.1). */
export function createTokens({ config, key, clock, randomBytes, lenient }: TokensDeps): Tokens {
  const seconds = (): number => Math.floor(clock().getTime() / 1000);
  const newId = (): string => randomBytes(16).toString('hex');
  const header = { alg: key.algorithm, typ: 'JWT', ...(key.id === null ? {} : { kid: key.id }) };
  const times = (lifetime: number): Claims => {
    const now = seconds();
    return { exp: now + lifetime, iat: now, jti: newId() };
  };
  const sign = (claims: Claims): string =>
    // As text: jsonwebtoken would refuse an object with odd values in claims that were copied from a custom token.
    jsonwebtoken.sign(JSON.stringify(claims), key.sign, { algorithm: key.algorithm, header });

  return {
    newRefresh: (userId, extra = {}) => ({
      ...extra,
      token_type: 'refresh',
      ...times(config.refreshSeconds),
      user_id: String(userId),
    }),
    renewRefresh: (claims) => withClaims(claims, times(config.refreshSeconds)),
    accessFor: (refresh) => {
      const copied = Object.entries(refresh).filter(([name]) => !NOT_COPIED.has(name));
      return sign(
        withClaims({ token_type: 'access', ...times(config.accessSeconds) }, Object.fromEntries(copied)),
      );
    },
    sign,
    verify: (token, type) => {
      const claims = verifySignature(token, key, lenient);
      if (claims === undefined) throw new TokenError('Token is invalid');
      const problem = checkClaims(claims, type, clock().getTime() / 1000);
      if (problem !== undefined) throw new TokenError(problem, claims);
      return claims;
    },
  };
}

/** `Object.fromEntries` and not a spread alone: a claim may be called `__proto__`. */
function withClaims(base: Claims, changes: Claims): Claims {
  return Object.fromEntries([...Object.entries(base), ...Object.entries(changes)]);
}

function verifySignature(token: string, key: SigningKey, lenient: boolean): Claims | undefined {
  const parsed = parseToken(token, { lenient });
  if (parsed === undefined) return undefined;
  try {
    jsonwebtoken.verify(parsed.token, key.verify, {
      algorithms: [key.algorithm],
      // The claims are looked at afterwards, with our clock and in simplejwt's order.
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
    return parsed.claims;
  } catch (error) {
    if (error instanceof jsonwebtoken.JsonWebTokenError) return undefined;
    throw error;
  }
}
