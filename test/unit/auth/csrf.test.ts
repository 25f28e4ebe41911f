import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CsrfRequest, createCsrfSecret, csrfCookieDomain, csrfProblem } from '../../../src/auth/csrf.ts';

const SECRET = 'a'.repeat(32);
const REQUEST: CsrfRequest = {
  method: 'POST',
  secure: true,
  host: 'api.example.com',
  origin: 'https://example.com',
  referer: undefined,
  cookie: SECRET,
  header: SECRET,
};
const problem = (changes: Partial<CsrfRequest>): string | undefined =>
  csrfProblem({ ...REQUEST, ...changes }, ['https://example.com']);

describe('csrfProblem', () => {
  it('lets the frontend, the API itself and every safe method through', () => {
    expect(problem({})).toBeUndefined();
    expect(problem({ origin: 'https://api.example.com' })).toBeUndefined();
    expect(problem({ method: 'GET', origin: 'https://evil.example', cookie: undefined })).toBeUndefined();
  });

  // The words of Django 5.2's CsrfViewMiddleware.
  it.each<[Partial<CsrfRequest>, string]>([
    [
      { origin: 'https://evil.example' },
      'Origin checking failed - https://evil.example does not match any trusted origins.',
    ],
    [{ origin: 'null' }, 'Origin checking failed - null does not match any trusted origins.'],
    [{ origin: undefined }, 'Referer checking failed - no Referer.'],
    [{ origin: undefined, referer: 'x' }, 'Referer checking failed - Referer is malformed.'],
    [
      { origin: undefined, referer: 'http://example.com/' },
      'Referer checking failed - Referer is insecure while host is secure.',
    ],
    [
      { origin: undefined, referer: 'https://evil.example/x' },
      'Referer checking failed - https://evil.example/x does not match any trusted origins.',
    ],
    [{ cookie: undefined }, 'CSRF cookie not set.'],
    [{ cookie: 'short' }, 'CSRF cookie has incorrect length.'],
    [{ cookie: `${'a'.repeat(31)}-` }, 'CSRF cookie has invalid characters.'],
    [{ header: undefined }, 'CSRF token missing.'],
    [{ header: 'b'.repeat(32) }, "CSRF token from the 'X-Csrftoken' HTTP header incorrect."],
    [{ header: 'x' }, "CSRF token from the 'X-Csrftoken' HTTP header has incorrect length."],
    [
      { header: `${'a'.repeat(31)}!` },
      "CSRF token from the 'X-Csrftoken' HTTP header has invalid characters.",
    ],
  ])('refuses %j', (changes, message) => {
    expect(problem(changes)).toBe(message);
  });

  it('takes a Referer for an Origin only over TLS', () => {
    expect(problem({ origin: undefined, referer: 'https://example.com/page' })).toBeUndefined();
    expect(problem({ origin: undefined, secure: false })).toBeUndefined();
  });

  it('reads the masked form of the secret, as Django templates hand it out', () => {
    // Mask "bbb…" (index 1) and secret "aaa…" (index 0): the sum is "bbb…".
    expect(problem({ header: 'b'.repeat(64) })).toBeUndefined();
    expect(problem({ header: `${'b'.repeat(63)}c` })).toContain('incorrect');
  });
});

describe('createCsrfSecret', () => {
  it('makes 32 letters and digits', () => {
    expect(createCsrfSecret(randomBytes)).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  it('does not use the bytes that would favour some letters', () => {
    let call = 0;
    const bytes = (size: number): Buffer => Buffer.alloc(size, call++ === 0 ? 255 : 1);
    expect(createCsrfSecret(bytes)).toBe('b'.repeat(32));
  });
});

describe('csrfCookieDomain', () => {
  it('is the frontend where the API is below it', () => {
    expect(csrfCookieDomain('api.example.com', 'example.com')).toBe('example.com');
    expect(csrfCookieDomain('api.other.org', 'example.com')).toBeNull();
    expect(csrfCookieDomain('notexample.com', 'example.com')).toBeNull();
  });
});
