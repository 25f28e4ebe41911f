import { describe, expect, it } from 'vitest';
import { decideCors } from '../../../src/auth/cors.ts';

const ALLOWED = ['https://example.com'];
const decide = (origin: string | undefined, method = 'GET', requestedMethod?: string) =>
  decideCors({ method, origin, requestedMethod }, ALLOWED);

describe('decideCors', () => {
  it('names the origin, never "*", and allows credentials', () => {
    expect(decide('https://example.com').headers).toEqual({
      'Access-Control-Allow-Origin': 'https://example.com',
      'Access-Control-Allow-Credentials': 'true',
    });
  });

  it.each([
    undefined,
    '',
    'null',
    'http://example.com',
    'https://example.com:8443',
    'https://example.com:443',
    'https://EXAMPLE.com',
    'https://api.example.com',
    'https://example.com.evil.example.net',
    'https://user@example.com',
    'https://[::1',
    '//example.com',
    '*',
  ])('says nothing to %j', (origin) => {
    expect(decide(origin)).toEqual({ preflight: false, headers: {} });
  });

  // django-cors-headers compares the parsed scheme and authority only.
  it.each(['HTTPS://example.com', 'https://example.com/', 'https://example.com/x?y'])(
    'takes %j',
    (origin) => {
      expect(decide(origin).headers['Access-Control-Allow-Origin']).toBe(origin);
    },
  );

  it('answers a preflight itself, with lists that do not depend on what is asked for', () => {
    const { preflight, headers } = decide('https://example.com', 'OPTIONS', 'PATCH');
    expect(preflight).toBe(true);
    expect(headers).toEqual(decide('https://example.com', 'OPTIONS', 'X').headers);
    expect(headers['Access-Control-Max-Age']).toBe('86400');
  });

  it('takes OPTIONS without Access-Control-Request-Method for an ordinary request', () => {
    expect(decide('https://example.com', 'OPTIONS').preflight).toBe(false);
    expect(decide('https://evil.example', 'OPTIONS', 'POST')).toEqual({ preflight: true, headers: {} });
  });
});
