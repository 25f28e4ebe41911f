import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineSplitter, LINE_LIMIT } from '../../../src/supervisor/lines.ts';

function split(chunks: readonly Uint8Array[]): readonly string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}
const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('output in pieces', () => {
  test.each([
    ['a line in two pieces', ['he', 'llo\n'], ['hello']],
    ['two lines in one piece', ['a\nb\n'], ['a', 'b']],
    ['empty lines', ['\n\na\n'], ['', '', 'a']],
    ['CRLF, also when cut', ['a\r', '\nb\r\n'], ['a', 'b']],
    ['a last line without an end', ['a\nb'], ['a', 'b']],
    ['a progress bar', ['10 %\r50 %\r100 %\n'], ['100 %']],
    ['a progress bar that is over', ['10 %\r50 %\r'], ['50 %']],
    ['nothing', [''], []],
  ])('%s', (_what, chunks, lines) => {
    expect(split(chunks.map(bytes))).toEqual(lines);
  });

  test('a character in two pieces stays whole, and invalid UTF-8 is replaced', () => {
    const euro = Buffer.from('€\n');
    expect(split([euro.subarray(0, 1), euro.subarray(1)])).toEqual(['€']);
    expect(split([Buffer.from([0x61, 0xff, 0x0a])])).toEqual(['a\uFFFD']);
    expect(split([Buffer.from([0xe2, 0x82])])).toEqual(['\uFFFD']);
  });

  test('a very long line is cut and says so, and takes no more memory than that', () => {
    const [line] = split([bytes('x'.repeat(LINE_LIMIT)), bytes('y'.repeat(500)), bytes('\n')]);
    expect(line).toBe(`${'x'.repeat(LINE_LIMIT)}… (500 more characters)`);
  });

  test('how the bytes are cut into pieces makes no difference', () => {
    const interesting = fc.constantFrom(0x0a, 0x0d, 0x61, 0xe2, 0x82, 0xac, 0xff, 0x1b);
    fc.assert(
      fc.property(
        fc.array(interesting, { maxLength: 60 }),
        fc.array(fc.nat(59), { maxLength: 10 }),
        (all, cuts) => {
          const whole = Buffer.from(all);
          const places = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
          const pieces = places.slice(1).map((end, index) => whole.subarray(places[index], end));
          expect(split(pieces)).toEqual(split([whole]));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('text without carriage returns comes out as its lines', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1 }), (texts) => {
        const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ''));
        expect(split([bytes(lines.map((line) => `${line}\n`).join(''))])).toEqual(
          lines.map((line) => Buffer.from(line).toString()),
        );
      }),
    );
  });
});
