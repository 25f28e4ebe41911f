import { describe, expect, it } from 'vitest';
import { parseCookieDate } from '../../../../src/verdicts/cookies/cookie-date.ts';
import { expiryOf, isExpired, MAX_LIFETIME_MS } from '../../../../src/verdicts/cookies/lifetime.ts';
import { NOW } from './requests.ts';

const ends = (maxAge?: string, expires?: string): number | null => expiryOf(maxAge, expires, NOW);

describe('Max-Age', () => {
  it('counts whole seconds, with a sign if you like', () => {
    expect(ends('60')).toBe(NOW + 60_000);
    expect(ends('+60')).toBe(NOW + 60_000);
  });

  it('of zero or less deletes at once', () => {
    for (const text of ['0', '-0', '-1', `-${'9'.repeat(400)}`]) {
      expect(isExpired(ends(text), NOW)).toBe(true);
    }
  });

  it('is capped at 400 days', () => {
    expect(ends('34560001')).toBe(NOW + MAX_LIFETIME_MS);
    expect(ends('9'.repeat(400))).toBe(NOW + MAX_LIFETIME_MS);
  });

  it.each(['', 'abc', '60.5', '6e1', '0x10', '60s', '"60"', '1 2', '+', '--1'])('%j is ignored', (text) => {
    expect(ends(text)).toBeNull();
    expect(ends(text, 'Thu, 01 Jan 1970 00:00:00 GMT')).toBe(0);
  });

  it('wins over Expires', () => {
    expect(ends('60', 'Thu, 01 Jan 1970 00:00:00 GMT')).toBe(NOW + 60_000);
  });
});

describe('Expires', () => {
  it.each([
    ['Wed, 21 Oct 2026 07:28:00 GMT', Date.UTC(2026, 9, 21, 7, 28)],
    ['Wednesday, 21-Oct-26 07:28:00 GMT', Date.UTC(2026, 9, 21, 7, 28)],
    ['21 october 26 7:8:9', Date.UTC(2026, 9, 21, 7, 8, 9)],
    ['07:28:00 21 2026 Oct', Date.UTC(2026, 9, 21, 7, 28)],
    ['1 Jan 70 00:00:00', 0],
    ['1 Jan 69 00:00:00', Date.UTC(2069, 0, 1)],
    ['1 Jan 99999 00:00:00', Date.UTC(99_999, 0, 1)],
  ])('%j is %j', (text, expected) => {
    expect(parseCookieDate(text)).toBe(expected);
  });

  it.each([
    '0',
    '-1',
    'tomorrow',
    '31 Feb 2026 00:00:00',
    '1 Jan 2026 24:00:00',
    '1 Jan 2026 00:60:00',
    '1 Jan 2026 00:00:60',
    '1 Jan 2026 123:00:00',
    '1 Jan 2026',
    '1 2026 00:00:00',
    '0 Jan 2026 00:00:00',
  ])('%j is no date: a session cookie', (text) => {
    expect(parseCookieDate(text)).toBeNull();
  });

  it('before 1970 and before 1601 is a date that is over', () => {
    expect(isExpired(ends(undefined, '1 Jan 1500 00:00:00'), NOW)).toBe(true);
  });
});
