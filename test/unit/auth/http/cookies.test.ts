import { describe, expect, it } from 'vitest';
import { cookieValues, decodeCookieValue, formatCookie } from '../../../../src/auth/http/cookies.ts';

const values = (header: string, name = 'a'): readonly string[] =>
  cookieValues({ cookies: { [name]: 'parsed' }, headers: { cookie: header } }, name);

describe('cookieValues', () => {
  it('gives all values of a name in the order they were sent', () => {
    expect(values('a=1; b=2; a=3')).toEqual(['1', '3']);
  });

  it('is empty where the name was not sent', () => {
    expect(cookieValues({ cookies: {}, headers: { cookie: 'b=1' } }, 'a')).toEqual([]);
  });

  it('keeps "=" inside a value and ignores a name without one', () => {
    expect(values('a; a=x=y==; ab=1')).toEqual(['x=y==']);
  });

  it('finds nothing under the names that objects have by themselves', () => {
    expect(cookieValues({ cookies: {}, headers: { cookie: 'constructor=1' } }, 'constructor')).toEqual([]);
  });
});

describe('decodeCookieValue', () => {
  it('takes quotes away and reads what Python escapes inside them', () => {
    expect(decodeCookieValue('"a\\054b\\"c"')).toBe('a,b"c');
    expect(decodeCookieValue('"')).toBe('"');
    expect(decodeCookieValue('plain')).toBe('plain');
  });
});

describe('formatCookie', () => {
  it('writes every attribute', () => {
    expect(
      formatCookie({
        name: 'a',
        value: 'v',
        path: '/x',
        domain: 'example.com',
        expiresAt: 0,
        maxAgeSeconds: 5,
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      }),
    ).toBe(
      'a=v; Domain=example.com; expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=5; Path=/x; SameSite=Lax; Secure',
    );
  });
});
