import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRefusal, tapStart } from '../../../src/proxy/answer-start.ts';

function read(status: number, headers: readonly string[], chunks: readonly Buffer[]): string | undefined {
  let found: string | undefined;
  const tap = tapStart([
    readRefusal(status, headers, (text) => {
      found = text;
    }),
  ]);
  for (const chunk of chunks) tap?.(chunk);
  tap?.(null);
  return found;
}

const JSON_TYPE = ['Content-Type', 'application/json'];

test.each([
  [['Content-Type', 'text/plain']],
  [JSON_TYPE],
  [['content-type', 'application/problem+json; charset=utf-8']],
  [['content-type', 'text/html', 'content-encoding', 'identity']],
])('the text of a refusal is read: %j', (headers) => {
  expect(read(401, headers, [Buffer.from('no'), Buffer.from('pe')])).toBe('nope');
});

test.each([
  ['an answer that is no refusal', 200, JSON_TYPE],
  ['a redirect', 302, JSON_TYPE],
  ['a picture', 404, ['content-type', 'image/png']],
  ['a body of no type', 404, []],
  ['a compressed one', 400, [...JSON_TYPE, 'Content-Encoding', 'gzip']],
])('%s is not looked at', (_what, status, headers) => {
  expect(tapStart([readRefusal(status, headers, () => undefined)])).toBeUndefined();
});

test('a refusal without a body is an empty text', () => {
  expect(read(403, JSON_TYPE, [])).toBe('');
});

test('2 KiB are read, in whatever pieces they come, and no half character', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'grapheme', maxLength: 900 }).map((text) => Buffer.from(text)),
        { maxLength: 8 },
      ),
      (chunks) => {
        const whole = Buffer.concat(chunks);
        const found = read(500, JSON_TYPE, chunks) ?? 'nothing';
        expect(Buffer.from(found).equals(whole.subarray(0, Buffer.byteLength(found)))).toBe(true);
        expect(Buffer.byteLength(found)).toBeLessThanOrEqual(2_048);
        expect(Buffer.byteLength(found)).toBeGreaterThan(Math.min(whole.length, 2_048) - 4);
      },
    ),
  );
});

test('several readers share one look, each with as much as it asked for', () => {
  const seen: string[] = [];
  const reader = (bytes: number) => ({ bytes, read: (start: Buffer) => void seen.push(start.toString()) });
  const tap = tapStart([reader(3), undefined, reader(5)]);
  for (const chunk of ['ab', 'cd', 'ef', 'gh']) tap?.(Buffer.from(chunk));
  tap?.(null);
  expect(seen).toEqual(['abc', 'abcde']);
});
