import { describe, expect, it } from 'vitest';
import { judgeSetCookie } from '../../../../src/verdicts/cookies/judge-set-cookie.ts';
import type { CookieRequest } from '../../../../src/verdicts/cookies/types.ts';
import { fetched, NOW, navigated, typed } from './requests.ts';

const API = 'https://api.example.com/auth/login/';
const judge = (line: string, request: CookieRequest = typed(API)): string => {
  const { verdict, reasons, silentReason } = judgeSetCookie(line, request, NOW);
  return [verdict, ...reasons, ...(silentReason ? [silentReason] : [])].join(' ');
};

describe('name prefixes', () => {
  it.each([
    ['__Secure-a=1', 'blocked InvalidPrefix'],
    ['__secure-a=1; Secure', 'stored'],
    ['__Host-a=1; Secure; Path=/', 'stored'],
    ['__Host-a=1; Secure; Path=/; Domain=', 'stored'],
    ['__hOsT-a=1; Secure; Path=/; Domain=example.com', 'blocked InvalidPrefix'],
    ['__Host-a=1; Secure; Path=/auth', 'blocked InvalidPrefix'],
    ['__Host-a=1; Secure', 'blocked InvalidPrefix'],
    ['__Http-a=1; Secure', 'blocked InvalidPrefix'],
    ['__Http-a=1; Secure; HttpOnly', 'stored'],
    ['__Host-Http-a=1; Secure; Path=/', 'blocked InvalidPrefix'],
    ['__Host-Http-a=1; Secure; Path=/; HttpOnly', 'stored'],
    ['=__Http-a; Secure; HttpOnly', 'blocked InvalidPrefix'],
    ['__Host-', 'blocked InvalidPrefix'],
    ['=x__Host-a', 'stored'],
    ['__Hosta=1', 'stored'],
    ['__Secure-a=1; Domain=other.test', 'blocked InvalidDomain InvalidPrefix'],
  ])('%j is %s', (line, expected) => {
    expect(judge(line)).toBe(expected);
  });

  it('hold on http://localhost as on https, and an address may repeat itself', () => {
    expect(judge('__Host-a=1; Secure; Path=/', typed('http://localhost:3000/'))).toBe('stored');
    expect(judge('__Host-a=1; Secure; Path=/; Domain=127.0.0.1', typed('http://127.0.0.1/'))).toBe('stored');
    expect(judge('__Secure-a=1; Secure', typed('http://example.com/'))).toBe('blocked InvalidPrefix');
  });
});

describe('Secure', () => {
  it('is refused over plain http, but not on this computer', () => {
    expect(judge('a=1; Secure', typed('http://example.com/'))).toBe('blocked SecureOnly');
    for (const host of ['localhost', 'app.localhost:3000', '127.0.0.1', '[::1]']) {
      expect(judge('a=1; Secure', typed(`http://${host}/`))).toBe('stored');
    }
  });

  it('is what SameSite=None asks for', () => {
    expect(judge('a=1; SameSite=None')).toBe('blocked SameSiteNoneInsecure');
    expect(judge('a=1; SameSite=None; Secure')).toBe('stored');
  });
});

describe('SameSite of an answer', () => {
  const cross = fetched('http://localhost:5173', API, 'POST');

  it('from another site: only None with Secure is stored', () => {
    expect(judge('a=1', cross)).toBe('blocked SchemefulSameSiteUnspecifiedTreatedAsLax');
    expect(judge('a=1; SameSite=Lax', cross)).toBe('blocked SchemefulSameSiteLax');
    expect(judge('a=1; SameSite=Strict', cross)).toBe('blocked SchemefulSameSiteStrict');
    expect(judge('a=1; SameSite=None; Secure', cross)).toBe('stored');
  });

  it('of one domain but another scheme is another site', () => {
    expect(judge('a=1; SameSite=Lax', fetched('http://example.com', API))).toBe(
      'blocked SchemefulSameSiteLax',
    );
    expect(judge('a=1; SameSite=Lax', fetched('https://example.com:8443', API))).toBe('stored');
  });

  it('in a frame of another site is cross-site, even to itself', () => {
    const embedded: CookieRequest = {
      ...fetched('https://api.example.com', API),
      topLevel: 'https://other.test',
      frames: ['https://api.example.com'],
    };
    expect(judge('a=1', embedded)).toBe('blocked SchemefulSameSiteUnspecifiedTreatedAsLax');
  });

  it('to a page or form that replaces the page may be anything, Strict too', () => {
    expect(judge('a=1; SameSite=Strict', navigated('https://other.test', API, 'POST'))).toBe('stored');
  });
});

describe('third-party cookies blocked', () => {
  const judgeBlocked = (line: string): readonly string[] =>
    judgeSetCookie(line, fetched('https://other.test', API), NOW, 'blocked').reasons;

  it('hides the other reasons, but not those of the line itself', () => {
    expect(judgeBlocked('a=1; SameSite=Lax')).toEqual(['UserPreferences']);
    expect(judgeBlocked('a=1; SameSite=None')).toEqual(['UserPreferences']);
    expect(judgeBlocked('a=1; Domain=com')).toEqual(['InvalidDomain']);
  });

  it('spares Partitioned cookies', () => {
    expect(judgeBlocked('a=1; SameSite=None; Secure; Partitioned')).toEqual([]);
    expect(judgeBlocked('a=1; Secure; Partitioned')).toEqual(['SchemefulSameSiteUnspecifiedTreatedAsLax']);
  });
});

describe('what vanishes without a trace', () => {
  it.each([
    ['a=1; Partitioned', 'silently-dropped PartitionedInsecure'],
    ['=a=b', 'silently-dropped NamelessWithEquals'],
    ['=a=b; Domain=com', 'blocked InvalidDomain'],
  ])('%j is %s', (line, expected) => {
    expect(judge(line)).toBe(expected);
  });

  it('requests without credentials and preflights set nothing; a NUL spoils the answer in any case', () => {
    expect(judge('a=1', { ...typed(API), credentials: false })).toBe('not-processed');
    expect(judge('a=1', { ...typed(API), preflight: true })).toBe('not-processed');
    expect(judge('a=\u0000', { ...typed(API), credentials: false })).toBe('response-rejected');
  });
});

it('a line names its cookie, with what the URL adds', () => {
  const { cookie } = judgeSetCookie('a=1; Secure; HttpOnly', typed('http://localhost/auth/login/x'), NOW);
  expect(cookie).toMatchObject({
    domain: 'localhost',
    path: '/auth/login',
    sourceScheme: 'Secure',
    sourcePort: 443,
  });
});
