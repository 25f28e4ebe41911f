import { describe, expect, it } from 'vitest';
import { createCookieJar } from '../../../../src/verdicts/cookies/jar.ts';
import type { CookieJar, CookieRequest } from '../../../../src/verdicts/cookies/types.ts';
import { fetched, NOW, navigated, typed } from './requests.ts';

const API = 'https://api.example.com/';
const jarWith = (lines: readonly string[], request: CookieRequest = typed(API)): CookieJar => {
  const jar = createCookieJar({ thirdPartyCookies: 'allowed' });
  jar.receive({ request, setCookie: lines }, NOW);
  return jar;
};
const verdicts = (jar: CookieJar, lines: readonly string[], request = typed(API), now = NOW): string[] =>
  jar
    .receive({ request, setCookie: lines }, now)
    .map(({ verdict, reasons }) => [verdict, ...reasons].join(' '));
const header = (jar: CookieJar, request: CookieRequest = typed(API), now = NOW): string =>
  jar.send(request, now).cookieHeader;

describe('overwriting', () => {
  it('needs name, domain and path to be equal; host-only and Domain are two cookies', () => {
    const jar = jarWith(['a=1; Path=/', 'a=2; Domain=api.example.com; Path=/']);
    expect(header(jar)).toBe('a=1; a=2');
    expect(verdicts(jar, ['a=; Max-Age=0; Path=/'])).toEqual(['expired']);
    expect(header(jar)).toBe('a=2');
  });

  it('tells earlier lines of the same answer', () => {
    const jar = jarWith([]);
    expect(verdicts(jar, ['a=1', 'a=2'])).toEqual(['overwritten', 'stored']);
    expect(verdicts(jar, ['b=1', 'b=; Max-Age=0'])).toEqual(['expired', 'expired']);
    expect(verdicts(jar, ['c=; Max-Age=0', 'c=1'])).toEqual(['expired', 'stored']);
  });

  it('with the same value leaves the earlier line stored, until a later one takes it away', () => {
    const jar = jarWith([]);
    expect(verdicts(jar, ['a=1', 'a=1'])).toEqual(['stored', 'stored']);
    expect(verdicts(jar, ['b=1', 'b=1', 'b=2'])).toEqual(['overwritten', 'overwritten', 'stored']);
    expect(verdicts(jar, ['c=1', 'c=1', 'c=; Max-Age=0'])).toEqual(['expired', 'expired', 'expired']);
  });

  it('with the same value keeps the place in the header, with another loses it', () => {
    const jar = jarWith(['a=1', 'b=1', 'c=1']);
    verdicts(jar, ['a=1; HttpOnly'], typed(API), NOW + 1000);
    expect(header(jar)).toBe('a=1; b=1; c=1');
    verdicts(jar, ['a=2'], typed(API), NOW + 2000);
    expect(header(jar)).toBe('b=1; c=1; a=2');
  });

  it('of a Secure cookie from plain http is refused where its path covers the new one', () => {
    const jar = jarWith(['a=1; Secure; Path=/auth']);
    const http = typed('http://api.example.com/');
    expect(verdicts(jar, ['a=2; Path=/auth'], http)).toEqual(['blocked OverwriteSecure']);
    expect(verdicts(jar, ['a=2; Path=/auth/x; Domain=example.com'], http)).toEqual([
      'blocked OverwriteSecure',
    ]);
    expect(verdicts(jar, ['a=; Max-Age=0; Path=/auth'], http)).toEqual(['blocked OverwriteSecure']);
    expect(verdicts(jar, ['a=2; Path=/', 'b=2; Path=/auth'], http)).toEqual(['stored', 'stored']);
  });

  it.each([
    ['http://example.com/', 'blocked OverwriteSecure'],
    ['http://sub.api.example.com/', 'blocked OverwriteSecure'],
    ['http://www.example.com/', 'stored'],
    ['http://notexample.com/', 'stored'],
  ])('of a host-only Secure cookie from %s: %s', (url, expected) => {
    expect(verdicts(jarWith(['a=1; Secure']), ['a=2'], typed(url))).toEqual([expected]);
  });
});

describe('sending', () => {
  it('puts longer paths first, then older cookies', () => {
    const jar = jarWith(['a=1; Path=/', 'b=1; Path=/x/y', 'c=1; Path=/x', 'd=1; Path=/']);
    expect(header(jar, typed(`${API}x/y/z`))).toBe('b=1; c=1; a=1; d=1');
  });

  it.each([
    ['/a', '/a', true],
    ['/a', '/a/b', true],
    ['/a', '/ab', false],
    ['/a/', '/a', false],
    ['/A', '/a', false],
  ])('of Path=%s to %s: %s', (path, url, sent) => {
    const jar = jarWith([`a=1; Path=${path}`]);
    expect(header(jar, typed(`https://api.example.com${url}`))).toBe(sent ? 'a=1' : '');
  });

  it('gives every reason for staying behind', () => {
    const jar = jarWith(['a=1; Secure; Path=/x; SameSite=Strict']);
    const { notSent } = jar.send(fetched('http://other.test', 'http://example.com/'), NOW);
    expect(notSent).toEqual([
      {
        name: 'a',
        domain: 'api.example.com',
        path: '/x',
        reasons: ['DomainMismatch', 'NotOnPath', 'SchemefulSameSiteStrict', 'SecureOnly'],
      },
    ]);
  });

  it('shares one jar among ports, and sends what http set to https', () => {
    const jar = jarWith(['a=1'], typed('http://example.com:8080/'));
    expect(header(jar, typed('https://example.com:8443/'))).toBe('a=1');
  });

  it('without credentials is silent', () => {
    const jar = jarWith(['a=1']);
    expect(jar.send({ ...typed(API), credentials: false }, NOW)).toMatchObject({
      cookieHeader: '',
      notSent: [],
    });
    expect(header(jar, { ...typed(API), credentials: 'unknown' })).toBe('a=1');
  });

  it('keeps bytes that are not UTF-8', () => {
    const jar = createCookieJar({ thirdPartyCookies: 'allowed' });
    jar.receive({ request: typed(API), setCookie: [Uint8Array.of(0xff, 0x3d, 0x78)] }, NOW);
    const { cookieHeader, cookieHeaderBytes } = jar.send(typed(API), NOW);
    expect(cookieHeader).toBe('\ufffd=x');
    expect([...cookieHeaderBytes]).toEqual([0xff, 0x3d, 0x78]);
    expect(jar.documentCookie(API, NOW)).toBe('');
  });
});

describe('SameSite of a request', () => {
  const jar = (): CookieJar =>
    jarWith(['s=1; SameSite=Strict', 'l=1; SameSite=Lax', 'u=1', 'n=1; SameSite=None; Secure']);

  it.each([
    ['typed', typed(API), 's=1; l=1; u=1; n=1'],
    ['a link of the site', navigated('https://example.com', API), 's=1; l=1; u=1; n=1'],
    ['a link of another site', navigated('https://other.test', API), 'l=1; u=1; n=1'],
    ['a form of another site', navigated('https://other.test', API, 'POST'), 'u=1; n=1'],
    ['a fetch of another site', fetched('https://other.test', API), 'n=1'],
    ['a fetch of another scheme', fetched('http://example.com', API), 'n=1'],
    ['a fetch of an opaque origin', fetched('null', API), 'n=1'],
  ])('%s', (_, request, expected) => {
    expect(header(jar(), request)).toBe(expected);
  });

  it('a cookie without SameSite loses its POST after two minutes', () => {
    const form = navigated('https://other.test', API, 'POST');
    expect(header(jar(), form, NOW + 120_000)).toBe('u=1; n=1');
    expect(header(jar(), form, NOW + 120_001)).toBe('n=1');
  });
});

describe('partitions', () => {
  const line = 'p=1; Secure; SameSite=None; Partitioned';

  it('of an opaque page end with that page, but its answer deletes what it set', () => {
    const jar = jarWith([line], fetched('null', API));
    expect(jar.all(NOW)).toHaveLength(1);
    expect(header(jar, fetched('null', API))).toBe('');
    const both = jarWith([line, `${line}; Max-Age=0`], fetched('null', API));
    expect(both.all(NOW)).toEqual([]);
  });

  it('are per top-level site and apart from the site itself', () => {
    const jar = jarWith([line], fetched('https://other.test', API));
    expect(header(jar, fetched('https://other.test', API))).toBe('p=1');
    expect(header(jar, fetched('https://third.test', API))).toBe('');
    expect(header(jar)).toBe('');
    expect(jar.all(NOW)[0]?.partitionKey).toEqual({
      topLevelSite: 'https://other.test',
      hasCrossSiteAncestor: true,
    });
  });

  it('hold at most 10240 bytes a site', () => {
    const jar = createCookieJar({ thirdPartyCookies: 'blocked' });
    const lines = ['a', 'b', 'c'].map(
      (name) => `${name}=${'x'.repeat(4000)}; Secure; SameSite=None; Partitioned`,
    );
    expect(verdicts(jar, lines, fetched('https://other.test', API))).toEqual(['evicted', 'stored', 'stored']);
  });
});

describe('eviction', () => {
  const many = (count: number, attributes = ''): string[] =>
    Array.from({ length: count }, (_, index) => `k${index}=1; Path=/${attributes}`);

  it('comes with the 181st cookie of a registrable domain and leaves 150', () => {
    const jar = createCookieJar({ thirdPartyCookies: 'allowed' });
    expect(verdicts(jar, many(180), typed('https://www.example.com/'))).not.toContain('evicted');
    verdicts(jar, ['last=1']);
    expect(jar.all(NOW)).toHaveLength(150);
    expect(jar.all(NOW).map(({ name }) => name)).not.toContain('k30');
    expect(jar.all(NOW).map(({ name }) => name)).toContain('k31');
  });

  it('takes the least recently used first; Secure cookies are spared while there are others', () => {
    const lines = ['secure=1; Secure', 'used=1; Path=/used', 'early=1; Path=/early', 'plain=1; Path=/plain'];
    const jar = jarWith(lines);
    verdicts(jar, many(176, 'other'), typed(API), NOW + 30_000);
    // An access within a minute of the one before is not noted.
    jar.send(typed(`${API}early`), NOW + 59_999);
    jar.send(typed(`${API}used`), NOW + 60_000);
    verdicts(jar, ['last=1'], typed(API), NOW + 60_001);
    const left = jar.all(NOW + 60_001).map(({ name }) => name);
    expect(left).toHaveLength(150);
    expect(left).toEqual(expect.arrayContaining(['secure', 'used']));
    expect(left).not.toContain('early');
    expect(left).not.toContain('plain');
  });

  it('takes Priority=Low first, but spares thirty of them', () => {
    const jar = createCookieJar({ thirdPartyCookies: 'allowed' });
    verdicts(jar, [...many(60), ...many(61, 'low; Priority=Low'), ...many(60, 'high; Priority=High')]);
    const left = jar.all(NOW).map(({ priority }) => priority);
    expect(left.filter((priority) => priority === 'Low')).toHaveLength(30);
    expect(left.filter((priority) => priority === 'Medium')).toHaveLength(60);
  });
});

describe('Clear-Site-Data', () => {
  const cleared = (value: string, url = API): number => {
    const jar = jarWith(['a=1', 'b=1; Domain=example.com']);
    jar.receive({ request: typed('https://example.com/'), setCookie: ['c=1'] }, NOW);
    jar.receive({ request: typed(url), setCookie: ['new=1'], clearSiteData: [value] }, NOW);
    return jar.all(NOW).length;
  };

  it('removes the cookies of the whole registrable domain', () => {
    expect(cleared('"cache", "cookies"')).toBe(0);
    expect(cleared('"*"')).toBe(0);
  });

  it.each(['cookies', '"Cookies"', '"cookies";x', '"cookies":', '"cache"', ''])(
    '%j does nothing',
    (value) => {
      expect(cleared(value)).toBe(4);
    },
  );

  it('over plain http removes nothing', () => {
    expect(cleared('"cookies"', 'http://api.example.com/')).toBe(3);
  });

  const beside = (
    setCookie: readonly string[],
    request = typed(API),
    thirdPartyCookies: 'allowed' | 'blocked' = 'allowed',
  ): string[] =>
    createCookieJar({ thirdPartyCookies })
      .receive({ request, setCookie, clearSiteData: ['"cookies"'] }, NOW)
      .map(({ verdict, reasons }) => [verdict, ...reasons].join(' '));

  it('keeps every Set-Cookie of the same answer out, deletions and plain http included', () => {
    expect(beside(['a=1', 'a=; Max-Age=0'])).toEqual(['blocked SyntaxError', 'blocked SyntaxError']);
    expect(beside(['a=1; Secure'], typed('http://api.example.com/'))).toEqual(['blocked SyntaxError']);
    expect(beside(['a=1; SameSite=None', 'a=1; Partitioned', '=a=b'])).toEqual(
      Array.from({ length: 3 }, () => 'blocked SyntaxError'),
    );
  });

  it('does not hide what is wrong with the line by itself, or the third-party setting', () => {
    expect(beside(['a=1; Domain=other.test', '__Host-a=1', 'a=\u0001', '='])).toEqual([
      'blocked InvalidDomain SyntaxError',
      'blocked InvalidPrefix SyntaxError',
      'blocked DisallowedCharacter SyntaxError',
      'blocked NoCookieContent SyntaxError',
    ]);
    const foreign = fetched('https://other.test', API);
    expect(beside(['a=1'], foreign)).toEqual(['blocked SyntaxError']);
    expect(beside(['a=1'], foreign, 'blocked')).toEqual(['blocked SyntaxError UserPreferences']);
    expect(beside(['a=1'], { ...foreign, credentials: false })).toEqual(['not-processed']);
  });
});

describe('document.cookie', () => {
  it('shows what the page may read: no HttpOnly, its own path, nothing of Secure on http', () => {
    const jar = jarWith(['h=1; HttpOnly', 's=1; Secure', 'p=1; Path=/x', 'a=1', 'nameless']);
    expect(jar.documentCookie(API, NOW)).toBe('s=1; a=1; nameless');
    expect(jar.documentCookie('http://api.example.com/x', NOW)).toBe('p=1; a=1; nameless');
  });

  it('in a frame of another site shows None only', () => {
    const jar = jarWith(['l=1', 'n=1; SameSite=None; Secure']);
    const frame = { topLevel: 'https://other.test', frames: ['https://api.example.com'] };
    expect(jar.documentCookie(API, NOW, frame)).toBe('n=1');
  });
});

it('cookies end with their time', () => {
  const jar = jarWith(['a=1; Max-Age=60', 'b=1']);
  expect(header(jar, typed(API), NOW + 59_999)).toBe('a=1; b=1');
  expect(header(jar, typed(API), NOW + 60_000)).toBe('b=1');
  expect(jar.all(NOW + 60_000)).toHaveLength(1);
});
