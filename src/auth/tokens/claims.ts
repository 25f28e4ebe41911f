/** What a token says, as it was signed. */
export type Claims = Readonly<Record<string, unknown>>;

export type TokenType = 'access' | 'refresh';

/**
 * Looks at the claims in PyJWT's order, then simplejwt's, and answers the first message that applies;
 * undefined: all is well. `now` in seconds since 1970, with a fraction. `type` undefined: any.
 */
export function checkClaims(claims: Claims, type: TokenType | undefined, now: number): string | undefined {
  return checkRegistered(claims, now) ?? checkSimpleJwt(claims, type);
}

/** RFC 7519's registered claims; Python's int() reads the times. */
function checkRegistered(claims: Claims, now: number): string | undefined {
  for (const name of ['iat', 'nbf'] as const) {
    if (!Object.hasOwn(claims, name)) continue;
    const time = pythonInt(claims[name]);
    if (time === undefined || time > now) return 'Token is invalid';
  }
  if (Object.hasOwn(claims, 'exp')) {
    const time = pythonInt(claims['exp']);
    if (time === undefined) return 'Token is invalid';
    if (time <= now) return 'Token is expired';
  }
  for (const name of ['sub', 'jti']) {
    if (Object.hasOwn(claims, name) && typeof claims[name] !== 'string') return 'Token is invalid';
  }
  return undefined;
}

function checkSimpleJwt(claims: Claims, type: TokenType | undefined): string | undefined {
  if (!Object.hasOwn(claims, 'exp')) return "Token has no 'exp' claim";
  // simplejwt reads `exp` a second time, as a number only.
  if (typeof claims['exp'] !== 'number') return 'Token is invalid';
  if (!Object.hasOwn(claims, 'jti')) return 'Token has no id';
  if (type === undefined) return undefined;
  if (!Object.hasOwn(claims, 'token_type')) return 'Token has no type';
  return claims['token_type'] === type ? undefined : 'Token has wrong type';
}

/** Python's idea of a true value: no empty text, list or object, no zero. */
export function isPythonTrue(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

/** Python's int(): numbers lose their fraction, text may have a sign, white space and single underscores. */
export function pythonInt(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || !/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(value)) return undefined;
  return Number(value.replaceAll('_', ''));
}
