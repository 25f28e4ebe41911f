import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain } from '../../../../src/verdicts/explain/explain.ts';
import { PATTERNS } from '../../../../src/verdicts/explain/patterns.ts';

interface Case {
  readonly text: string;
  /** Codes, or names where there is no code; in the order of the text. */
  readonly expect: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

const folder = new URL('../../../fixtures/explain/', import.meta.url);
const corpora = readdirSync(folder).map(
  (file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Case[]] as const,
);

describe.each(corpora)('%s', (_file, cases) => {
  test.each(cases)('$text', ({ text, expect: expected, parameters, reason }) => {
    const found = explain(text);
    expect(found.map(({ code, name }) => code ?? name)).toEqual(expected);
    if (parameters !== undefined) expect(found[0]?.parameters).toMatchObject(parameters);
    if (reason !== undefined) expect(found[0]?.reason).toBe(reason);
  });
});

test('every explanation has a title, a cause and a fix in plain words', () => {
  for (const [, cases] of corpora) {
    for (const { text } of cases) {
      for (const { title, cause, fixes, source, matched, count } of explain(text)) {
        for (const words of [title, cause, source, matched]) expect(words).not.toBe('');
        expect(fixes.length).toBeGreaterThan(0);
        expect(count).toBeGreaterThan(0);
      }
    }
  }
});

test('the same error is told once, with its count', () => {
  const [only, ...others] = explain('ECONNREFUSED ::1:80\n'.repeat(5));
  expect(others).toEqual([]);
  expect(only).toMatchObject({ count: 5, parameters: { port: '80' } });
});

test('the page’s own origin stands in the fix, unless it is localhost', () => {
  const line = (origin: string): string =>
    `Access to fetch at 'https://api.shop.test/' from origin '${origin}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.`;
  const fixes = (origin: string): string => JSON.stringify(explain(line(origin))[0]?.fixes);
  expect(fixes('https://shop.test')).toContain("CORS_ALLOWED_ORIGINS = ['https://shop.test']");
  expect(fixes('http://localhost:5173')).toContain("CORS_ALLOWED_ORIGINS = ['https://example.com']");
  expect(fixes("https://a.test';alert(1)//")).not.toContain('alert');
});

test('a token in the pasted text is not repeated', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  const [found] = explain(
    `Access to fetch at 'https://api.example.com/?t=${token}' from origin 'https://example.com' has been blocked by CORS policy: Redirect is not allowed for a preflight request.`,
  );
  expect(found?.code).toBe('JD207');
  expect(JSON.stringify(found)).not.toContain('eyJ');
});

test('no pattern repeats anything without a bound, so that looking takes linear time', () => {
  const unbounded = PATTERNS.map(({ pattern }) => pattern.source).filter((source) =>
    /(?<!\\)[*+]|\{\d+,\}/.test(source.replaceAll(/\[(?:\\.|[^\]\\])*\]/g, 'C').replaceAll(/\\./g, 'E')),
  );
  expect(unbounded).toEqual([]);
});

const PIECES = PATTERNS.flatMap(({ pattern }) => pattern.source.match(/[\w' :.()-]{4,}/g) ?? []);

test('long texts of almost-matches end soon, and neither order nor rubbish makes it throw', () => {
  const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 200 }), (pieces, times) => {
      for (const { matched, parameters } of explain(pieces.join(' ').repeat(times).slice(0, 60_000))) {
        expect(matched).not.toBe('');
        expect(Object.values(parameters).every((value) => typeof value === 'string')).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});
