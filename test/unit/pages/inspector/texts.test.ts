import { expect, test } from 'vitest';
import { moveBy } from '../../../../src/pages/inspector/exchanges/move-by.ts';
import { backOff } from '../../../../src/pages/inspector/model/back-off.ts';
import { claimLines } from '../../../../src/pages/inspector/model/claims.ts';
import { describeBody, prettyText } from '../../../../src/pages/inspector/model/json-text.ts';

test('JSON is written with one value a line; what only looks like it stays', () => {
  expect(prettyText(' {"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(prettyText('{"a":')).toBe('{"a":');
  expect(prettyText('[hidden]')).toBe('[hidden]');
  expect(prettyText('plain')).toBe('plain');
});

test('JSON that nests more deeply than anybody reads stays: its indentation alone would be a hundred times as long', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(prettyText(nested(100))).toContain('\n');
  expect(prettyText(nested(101))).toBe(nested(101));
  expect(prettyText(nested(32_000))).toBe(nested(32_000));
  expect(prettyText(JSON.stringify([nested(200), '\\"[[']))).toContain('\n');
});

test('a body says what it is', () => {
  const body = { mediaType: 'image/png', text: null, size: 5, isCut: false };
  expect(describeBody(body)).toBe('image/png, not text');
  expect(describeBody({ ...body, mediaType: '', text: 'x', isCut: true })).toBe(
    'no media type, only how it began',
  );
});

test('times among the claims are written as such', () => {
  const lines = claimLines({ exp: 1_795_000_000, user_id: '1', iat: 'soon', nbf: 1e300 });
  expect(lines.map(({ meaning }) => meaning !== null)).toEqual([true, false, false, false]);
  expect(lines.map(({ value }) => value)).toEqual(['1795000000', '"1"', '"soon"', '1e+300']);
});

test('each failure waits twice as long, up to ten seconds', () => {
  expect([1, 2, 3, 6, 50].map(backOff)).toEqual([500, 1000, 2000, 10_000, 10_000]);
});

test('keys stay within the list', () => {
  expect(moveBy('j', 9, 10, 5)).toBe(9);
  expect(moveBy('k', 0, 10, 5)).toBe(0);
  expect(moveBy('ArrowUp', -1, 10, 5)).toBe(9);
  expect(moveBy('PageUp', 3, 10, 5)).toBe(0);
  expect(moveBy('PageDown', 3, 10, 5)).toBe(8);
  expect(moveBy('Home', 3, 10, 5)).toBe(0);
  expect(moveBy('End', 3, 10, 5)).toBe(9);
  expect(moveBy('x', 3, 10, 5)).toBeUndefined();
  expect(moveBy('j', -1, 0, 5)).toBeUndefined();
});
