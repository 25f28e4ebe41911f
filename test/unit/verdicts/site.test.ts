import { describe, expect, it } from 'vitest';
import { isSameSite, schemefulSite } from '../../../src/verdicts/site.ts';

describe('the site of an origin', () => {
  it.each([
    ['https://api.example.com:8443', 'https://example.com'],
    ['http://example.com/path', 'http://example.com'],
    ['https://alice.github.io', 'https://alice.github.io'],
    ['https://github.io', 'https://github.io'],
    ['http://localhost:5173', 'http://localhost'],
    ['http://app.localhost', 'http://app.localhost'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1'],
    ['https://[::1]:3000', 'https://[::1]'],
    ['wss://api.example.com', 'https://example.com'],
    ['https://example.co.uk', 'https://example.co.uk'],
  ])('%s is of %s', (origin, site) => {
    expect(schemefulSite(origin)).toBe(site);
  });

  it.each(['null', 'data:,x', 'not a URL'])('%s is of none', (origin) => {
    expect(schemefulSite(origin)).toBeNull();
    expect(isSameSite(origin, origin)).toBe(false);
  });

  it('counts the scheme and not the port', () => {
    expect(isSameSite('https://example.com', 'https://api.example.com:8443')).toBe(true);
    expect(isSameSite('http://example.com', 'https://example.com')).toBe(false);
    expect(isSameSite('https://alice.github.io', 'https://bob.github.io')).toBe(false);
    expect(isSameSite('http://localhost', 'http://127.0.0.1')).toBe(false);
  });
});
