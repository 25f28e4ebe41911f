import fc from 'fast-check';
import { expect, test } from 'vitest';
import { languageOf, runOfLanguage } from '../../../src/browser-check/stage.ts';

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'));

test('a run is found again among the languages that a browser asks for', () => {
  fc.assert(
    fc.property(
      id,
      fc.constantFrom('', 'en-US,en;q=0.9,', 'x-klingon,'),
      fc.constantFrom('', ';q=0.1', ', de'),
      (run, before, after) => {
        const language = languageOf(run);
        // RFC 5646, section 2.1: privateuse
        expect(language).toMatch(/^x(-[0-9a-z]{1,8})+$/);
        expect(runOfLanguage(`${before}${language}${after}`)).toBe(run);
      },
    ),
  );
});

test('no other text names one', () => {
  for (const field of [
    undefined,
    '',
    '*',
    'x-klingon',
    'x-0a1b2c3d',
    'en-0a1b2c3d-0a1b2c3d-0a1b2c3d-0a1b2c3d',
  ]) {
    expect(runOfLanguage(field)).toBeNull();
  }
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (field) => runOfLanguage(field) === null));
});
