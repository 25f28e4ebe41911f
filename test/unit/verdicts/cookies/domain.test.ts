import { describe, expect, it } from 'vitest';
import { byteString } from '../../../../src/verdicts/cookies/bytes.ts';
import { cookieDomain, domainMatches } from '../../../../src/verdicts/cookies/domain.ts';
import { siteOf } from '../../../../src/verdicts/cookies/site.ts';

const domain = (host: string, attribute?: string): string | null =>
  cookieDomain(host, attribute === undefined ? undefined : byteString(attribute));

describe('the Domain attribute', () => {
  it.each([
    [undefined, 'api.example.com'],
    ['', 'api.example.com'],
    ['example.com', '.example.com'],
    ['.example.com', '.example.com'],
    ['EXAMPLE.com', '.example.com'],
    ['api.example.com', '.api.example.com'],
  ])('%j gives a cookie of api.example.com the domain %j', (attribute, expected) => {
    expect(domain('api.example.com', attribute)).toBe(expected);
  });

  it.each([
    'www.example.com',
    'x.api.example.com',
    'ample.com',
    'com',
    '.',
    '..example.com',
    'example.com.',
    '*.example.com',
    '"example.com"',
    'example.com:443',
    'https://example.com',
    'example.com/',
    'example.com, a=b',
    'exa mple.com',
    '%65xample.com',
    'example.com#',
    'user@example.com',
  ])('%j is refused for api.example.com', (attribute) => {
    expect(domain('api.example.com', attribute)).toBeNull();
  });

  it('that is a public suffix is host-only if it is the host itself, and else refused', () => {
    expect(domain('github.io', 'github.io')).toBe('github.io');
    expect(domain('alice.github.io', 'github.io')).toBeNull();
    expect(domain('api.myapp.local', 'local')).toBeNull();
    expect(domain('api.myapp.local', 'myapp.local')).toBe('.myapp.local');
  });

  it('of an address or a single label can only be that name', () => {
    expect(domain('127.0.0.1', '127.0.0.1')).toBe('127.0.0.1');
    expect(domain('127.0.0.1', '.127.0.0.1')).toBe('127.0.0.1');
    expect(domain('127.0.0.1', '0.0.1')).toBeNull();
    expect(domain('localhost', 'LOCALHOST')).toBe('localhost');
    expect(domain('app.localhost', 'localhost')).toBeNull();
  });

  it('with letters outside ASCII is read as IDN', () => {
    expect(domain('api.xn--mnchen-3ya.example', 'MÜNCHEN.example')).toBe('.xn--mnchen-3ya.example');
    expect(domain('xn--strae-oqa.example', 'STRA\u1e9eE.example')).toBe('.xn--strae-oqa.example');
    expect(cookieDomain('api.example.com', '\u00ff.example.com')).toBeNull();
  });
});

it('a host-only cookie matches its host, a domain cookie subdomains at a dot', () => {
  expect(domainMatches('example.com', 'example.com')).toBe(true);
  expect(domainMatches('example.com', 'api.example.com')).toBe(false);
  expect(domainMatches('.example.com', 'api.example.com')).toBe(true);
  expect(domainMatches('.example.com', 'example.com')).toBe(true);
  expect(domainMatches('.example.com', 'notexample.com')).toBe(false);
});

it('a site is scheme and registrable domain: ports do not count, private suffixes and the final dot do', () => {
  expect(siteOf('https://api.example.com:8443')).toBe('https://example.com');
  expect(siteOf('wss://api.example.com')).toBe('https://example.com');
  expect(siteOf('http://example.com')).toBe('http://example.com');
  expect(siteOf('https://alice.github.io')).toBe('https://alice.github.io');
  expect(siteOf('http://localhost:5173')).toBe('http://localhost');
  expect(siteOf('https://example.com.')).toBe('https://example.com.');
  expect(siteOf('null')).toBeNull();
  expect(siteOf('not a url')).toBeNull();
});
