import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAnswer } from '../../../../src/verdicts/cors/access-check.ts';
import { checkPreflight, needsPreflight } from '../../../../src/verdicts/cors/preflight.ts';
import { permissionAge } from '../../../../src/verdicts/cors/preflight-cache.ts';
import { visibleHeaders } from '../../../../src/verdicts/cors/visible-headers.ts';
import { answerOf, judgeWith, pageAt, requestOf } from './requests.ts';

const name = fc.oneof(
  fc.constantFrom(
    'Access-Control-Allow-Origin',
    'Access-Control-Allow-Credentials',
    'Access-Control-Allow-Methods',
    'Access-Control-Allow-Headers',
    'Access-Control-Expose-Headers',
    'Access-Control-Max-Age',
    'Cross-Origin-Resource-Policy',
    'Cache-Control',
    'Vary',
    'Location',
  ),
  fc.string(),
);
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('*', 'null', 'true', 'https://example.com', 'http://[', 'https://example.com, *', '-9', ''),
);
const headers = fc.array(fc.tuple(name, value), { maxLength: 8 });
const credentials = fc.constantFrom('omit', 'same-origin', 'include');
const answer = fc.record({ status: fc.integer({ min: 100, max: 599 }), headers });

describe('arbitrary headers', () => {
  it('never throw, and no answer without Access-Control-Allow-Origin is readable', () => {
    fc.assert(
      fc.property(headers, headers, credentials, (asked, given, mode) => {
        const request = requestOf({ headers: asked, credentials: mode, method: 'PUT' });
        needsPreflight(request);
        checkPreflight(request, answerOf(given));
        permissionAge(answerOf(given));
        visibleHeaders('cors', answerOf(given), mode);
        const problem = checkAnswer(request, answerOf(given));
        const named = given.some(([key]) => key.toLowerCase() === 'access-control-allow-origin');
        return named || problem?.error === 'MissingAllowOriginHeader';
      }),
    );
  });

  it('never let a page read another origin without a word that stands for it', () => {
    fc.assert(
      fc.property(answer, answer, credentials, fc.boolean(), (first, second, mode, opaque) => {
        let asked = 0;
        const verdict = judgeWith().judge(
          pageAt('https://example.com/', { opaque }),
          { url: 'https://api.example.com/', method: 'PUT', credentials: mode },
          () => [first, second][asked++ % 2] ?? null,
          0,
        );
        const words = new Set(['*', 'null', 'https://example.com']);
        const allowed = [...first.headers, ...second.headers].some(
          ([key, text]) => key.toLowerCase() === 'access-control-allow-origin' && words.has(text.trim()),
        );
        return allowed || !verdict.readable;
      }),
    );
  });

  it('give the same verdict in any letter case of the names', () => {
    fc.assert(
      fc.property(answer, credentials, ({ status, headers: given }, mode) => {
        const upper = given.map(([key, text]) => [key.toUpperCase(), text] as const);
        const request = requestOf({ credentials: mode, method: 'DELETE' });
        // Names that change with the case of a letter outside ASCII are no header names.
        fc.pre(given.every(([key]) => key.toUpperCase().toLowerCase() === key.toLowerCase()));
        expect(checkPreflight(request, answerOf(upper, status))).toEqual(
          checkPreflight(request, answerOf(given, status)),
        );
      }),
    );
  });
});
