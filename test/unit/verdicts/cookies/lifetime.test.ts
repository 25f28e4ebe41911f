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
    ['1 Jan 2030 008:0004:000019', Date.UTC(2030, 0, 1, 8, 4, 19)],
    // A token that is neither number, time nor month is passed over.
    ['2x 1st 1 Jan 2031y 2030 08:04:19Z 09:09:09', Date.UTC(2030, 0, 1, 9, 9, 9)],
    ['1 Jan 2030 08:04:4294967296 09:09:09', Date.UTC(2030, 0, 1, 9, 9, 9)],
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
    '1 Jan 2026 08:04:19:20',
    '1 Jan 2026 08:04:19GMT',
    '1 Jan 2026 24:00:00 08:04:19',
    '1st Jan 2026 00:00:00',
    '1 Jan 2026x 00:00:00',
    '1 2026 00:00:00',
    '0 Jan 2026 00:00:00',
  ])('%j is no date: a session cookie', (text) => {
    expect(parseCookieDate(text)).toBeNull();
  });

  it('is measured by the clock of the server, if the answer has a Date; Max-Age is not', () => {
    const behind = 'Sun, 01 Jan 2006 00:00:00 GMT';
    expect(expiryOf(undefined, 'Sun, 01 Jan 2006 00:10:00 GMT', NOW, behind)).toBe(NOW + 600_000);
    expect(expiryOf(undefined, 'Sat, 31 Dec 2005 23:59:59 GMT', NOW, behind)).toBe(NOW - 1000);
    expect(expiryOf('60', undefined, NOW, behind)).toBe(NOW + 60_000);
    expect(expiryOf(undefined, '1 Jan 2027 00:00:00', NOW, 'x')).toBe(Date.UTC(2027, 0, 1));
  });

  it('before 1970 and before 1601 is a date that is over', () => {
    expect(isExpired(ends(undefined, '1 Jan 1500 00:00:00'), NOW)).toBe(true);
  });
});
