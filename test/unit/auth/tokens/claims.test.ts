import { describe, expect, it } from 'vitest';
import { checkClaims, isPythonTrue, pythonInt } from '../../../../src/auth/tokens/claims.ts';

const NOW = 1_800_000_000;
const GOOD = { token_type: 'access', exp: NOW + 300, iat: NOW, jti: 'x', user_id: '1' };

describe('checkClaims', () => {
  it('finds nothing wrong with a token of ours', () => {
    expect(checkClaims(GOOD, 'access', NOW)).toBeUndefined();
    expect(checkClaims({ ...GOOD, aud: 'x', iss: 5, custom: {} }, undefined, NOW)).toBeUndefined();
  });

  // Each compared with PyJWT 2.15 and simplejwt 5.5.
  it.each([
    [{ exp: NOW }, 'Token is expired'],
    [{ exp: NOW - 0.5 }, 'Token is expired'],
    [{ exp: 'x' }, 'Token is invalid'],
    [{ exp: null }, 'Token is invalid'],
    [{ exp: String(NOW + 300) }, 'Token is invalid'],
    [{ iat: NOW + 1 }, 'Token is invalid'],
    [{ iat: null }, 'Token is invalid'],
    [{ nbf: NOW + 1 }, 'Token is invalid'],
    [{ nbf: String(NOW + 1) }, 'Token is invalid'],
    [{ sub: 5 }, 'Token is invalid'],
    [{ jti: 5 }, 'Token is invalid'],
    [{ token_type: 'refresh' }, 'Token has wrong type'],
    [{ token_type: 'ACCESS' }, 'Token has wrong type'],
    [{ token_type: null }, 'Token has wrong type'],
    [{ exp: NOW - 10, token_type: 'refresh' }, 'Token is expired'],
    [{ exp: NOW - 10, nbf: NOW + 10 }, 'Token is invalid'],
  ])('says of %j: %s', (changes, message) => {
    expect(checkClaims({ ...GOOD, ...changes }, 'access', NOW)).toBe(message);
  });

  it.each([
    [['exp'], "Token has no 'exp' claim"],
    [['jti'], 'Token has no id'],
    [['token_type'], 'Token has no type'],
    [['jti', 'token_type'], 'Token has no id'],
    [['exp', 'jti'], "Token has no 'exp' claim"],
  ])('misses %j: %s', (missing, message) => {
    const claims = Object.fromEntries(Object.entries(GOOD).filter(([name]) => !missing.includes(name)));
    expect(checkClaims(claims, 'access', NOW)).toBe(message);
  });
});

describe('pythonInt', () => {
  it.each([
    [1.9, 1],
    [-1.9, -1],
    [true, 1],
    [' 1_0 ', 10],
    ['+5', 5],
    ['1.0', undefined],
    ['1__0', undefined],
    ['', undefined],
    [null, undefined],
    [[], undefined],
    [Number.NaN, undefined],
    [Infinity, undefined],
  ])('reads %j as %s', (value, expected) => {
    expect(pythonInt(value)).toBe(expected);
  });
});

describe('isPythonTrue', () => {
  it.each([undefined, null, '', 0, false, [], {}])('%j is not', (value) => {
    expect(isPythonTrue(value)).toBe(false);
  });
  it.each(['0', 1, -1, true, [0], { a: 0 }])('%j is', (value) => {
    expect(isPythonTrue(value)).toBe(true);
  });
});
