import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientName } from '../../../../src/verdicts/view/client-name.ts';
import { replaceTokens } from '../../../../src/verdicts/view/jwt.ts';
import { closeJson } from '../../../../src/verdicts/view/redact-json.ts';

// Whatever takes time with the square of the length does not come to its end with these.
const MEBIBYTE = 1_048_576;

test.each(['[', '{"a":', '[1,', '"', '[[],', '{"a":{"b":1},'])('a mebibyte of %j is closed', (part) => {
  const closed = closeJson(part.repeat(MEBIBYTE / part.length));
  expect(closed === null).toBe(part === '"');
});

test.each(['eyJ', 'eyJ-', 'eyJaaaaaa.', 'a.', 'eyJ.eyJ', '-'])(
  'a mebibyte of %j is looked through',
  (part) => {
    const text = part.repeat(MEBIBYTE / part.length);
    expect(replaceTokens(`${text} .x`, () => '').length).toBeLessThanOrEqual(text.length + 3);
    expect(replaceTokens(`${text}.aa`, () => '(token)')).toBeDefined();
  },
);

test.each(['Version/1', 'Version/1 ', 'a', 'Version/1 Safari'])(
  'a User-Agent of a mebibyte of %j',
  (part) => {
    expect(clientName(part.repeat(MEBIBYTE / part.length)).length).toBeLessThanOrEqual(30);
  },
);

test('the beginning of any JSON is closed to JSON, and only what is not whole is left out', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.nat(), (text, at) => {
      const start = text.slice(0, at % (text.length + 1));
      const closed = closeJson(start);
      if (closed === null) {
        expect(/[{}[\],]/.test(start.replaceAll(/"(?:[^"\\]|\\.)*"?/g, ''))).toBe(false);
        return;
      }
      expect(() => JSON.parse(closed) as unknown).not.toThrow();
      expect(start.startsWith(closed.replace(/[\]}]+$/, ''))).toBe(true);
    }),
  );
});

test('a token is found wherever it stands in a word', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  for (const before of ['', 'x', 'jwt-', 'a=', 'eyJ', 'eyJeyJ', 'https://example.com/', 'a.b.']) {
    const shown = replaceTokens(`${before}${token} end`, () => '(token)');
    expect(shown).not.toContain('hbGciOiJIUzI1NiJ9');
    expect(shown).toMatch(/\(token\) end$/);
  }
});
