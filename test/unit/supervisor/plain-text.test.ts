import fc from 'fast-check';
import { expect, test } from 'vitest';
import { colouredText, plainText } from '../../../src/supervisor/plain-text.ts';

const ESC = '\u001B';

test.each([
  ['colours', `${ESC}[32mready${ESC}[39m in 3 ms`, 'ready in 3 ms'],
  ['a cleared screen', `${ESC}[2J${ESC}[3J${ESC}[Hhello`, 'hello'],
  ['a window title', `${ESC}]0;owned\u0007hello`, 'hello'],
  ['a link', `${ESC}]8;;https://x.test${ESC}\\here${ESC}]8;;${ESC}\\`, 'here'],
  ['a bell and a backspace', 'a\u0007b\bc', 'abc'],
  ['nothing but tabs', 'a\tb', 'a\tb'],
])('plain text has no %s', (_what, line, plain) => {
  expect(plainText(line)).toBe(plain);
});

test('coloured text keeps colours only, and ends them', () => {
  expect(colouredText(`${ESC}[2J${ESC}[32mready${ESC}]0;owned\u0007!`)).toBe(`${ESC}[32mready!${ESC}[0m`);
  expect(colouredText('ready')).toBe('ready');
});

test('whatever a command prints, no control character but the tab is left', () => {
  const pieces = fc.constantFrom(
    ESC,
    '[',
    ']',
    '0',
    ';',
    'm',
    'J',
    '\u0007',
    '\u009B',
    'a',
    '\\',
    '\r',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      // oxlint-disable-next-line no-control-regex -- these are the characters in question.
      expect(plainText(parts.join(''))).not.toMatch(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/);
      // oxlint-disable-next-line no-control-regex -- an escape that does not begin a colour.
      expect(colouredText(parts.join(''))).not.toMatch(/\u001B(?!\[[\d;:]*m)/);
    }),
    { numRuns: 2_000 },
  );
});
