import { describe, expect, test } from 'vitest';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
} from '../../../../src/pages/inspector/model/format.ts';

test.for([
  [0.4, '< 1 ms'],
  [1, '1 ms'],
  [998.4, '998 ms'],
  [999.6, '1.00 s'],
  [1240, '1.24 s'],
  [59_996, '1 min 0 s'],
  [65_000, '1 min 5 s'],
] as const)('%d ms are written as %s', ([ms, text]) => {
  expect(formatDuration(ms)).toBe(text);
});

test.for([
  [0, '0 B'],
  [981, '981 B'],
  [1234, '1.2 kB'],
  [999_949, '999.9 kB'],
  [999_960, '1.0 MB'],
  [3_400_000, '3.4 MB'],
  [2e12, '2000.0 GB'],
] as const)('%d bytes are written as %s', ([bytes, text]) => {
  expect(formatBytes(bytes)).toBe(text);
});

describe('counts', () => {
  test('have commas and the plural', () => {
    expect(countOf(1, 'cookie')).toBe('1 cookie');
    expect(countOf(0, 'cookie')).toBe('0 cookies');
    expect(formatCount(10_000)).toBe('10,000');
  });
});
