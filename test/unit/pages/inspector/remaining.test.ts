import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSpan, lifeOf } from '../../../../src/pages/inspector/model/remaining.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const at = (ms: number): string => new Date(NOW + ms).toISOString();

test('a token in the middle of its life', () => {
  expect(lifeOf(at(-150_000), at(150_000), NOW)).toEqual({
    state: 'valid',
    text: '2 min 30 s left',
    left: 0.5,
  });
});

test('the last minute is said to be one', () => {
  expect(lifeOf(null, at(59_999), NOW)).toEqual({ state: 'ending', text: '59 s left', left: null });
});

test('what ends now is over', () => {
  expect(lifeOf(at(-1000), at(0), NOW)).toEqual({ state: 'over', text: 'expired 0 s ago', left: 0 });
  expect(lifeOf(null, at(-65_000), NOW).text).toBe('expired 1 min 5 s ago');
});

test('without an end there is nothing to count', () => {
  expect(lifeOf(at(0), null, NOW)).toEqual({ state: 'endless', text: 'no expiry', left: null });
});

test('a clock behind the issuer leaves no more than the whole life', () => {
  expect(lifeOf(at(10_000), at(70_000), NOW).left).toBe(1);
});

test('spans have their two largest units', () => {
  const day = 86_400_000;
  expect(formatSpan(7 * day - 1)).toBe('6 d 23 h');
  expect(formatSpan(day)).toBe('1 d');
  expect(formatSpan(3_660_000)).toBe('1 h 1 min');
  expect(formatSpan(999)).toBe('0 s');
});

test('a longer span is never written as a shorter one', () => {
  const units: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1 };
  const seconds = (text: string): number =>
    [...text.matchAll(/(\d+) (d|h|min|s)/g)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
      0,
    );
  fc.assert(
    fc.property(fc.nat(1e10), fc.nat(1e10), (a, b) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      expect(seconds(formatSpan(less))).toBeLessThanOrEqual(seconds(formatSpan(more)));
      expect(seconds(formatSpan(less)) * 1000).toBeLessThanOrEqual(less);
    }),
  );
});
