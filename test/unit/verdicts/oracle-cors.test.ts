import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFetchJudge } from '../../../src/verdicts/cors/judge.ts';
import type { CorsCase, ExpectedStep } from '../../oracle/cors-cases.d.mts';
import { compare, playCase, predictCase } from '../../oracle/cors-cases.mjs';

const FILE = new URL('../../fixtures/oracles/cors.public.json.gz', import.meta.url);

function isCorpus(value: unknown): value is { readonly cases: readonly CorsCase[] } {
  return typeof value === 'object' && value !== null && 'cases' in value && Array.isArray(value.cases);
}

function readCases(): readonly CorsCase[] {
  const corpus: unknown = JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf8'));
  if (!isCorpus(corpus)) throw new Error('not a corpus');
  return corpus.cases;
}

const cases = readCases();

function stepsOf(item: CorsCase): readonly ExpectedStep[] {
  return 'steps' in item.expect ? item.expect.steps : [item.expect];
}

describe('what a real Chromium did with CORS', () => {
  it('is recorded in 643 cases', () => {
    expect(cases).toHaveLength(643);
  });

  it('is predicted for every one of them', () => {
    const disagreements = cases.flatMap((item) => {
      const differences = compare(item, predictCase(createFetchJudge, item));
      return differences.length === 0 ? [] : [{ id: item.id, differences }];
    });
    expect(disagreements).toEqual([]);
  });

  it('is predicted request by request: method, URL, cookie and Origin', () => {
    for (const item of cases) {
      const predicted = playCase(createFetchJudge, item).map(({ requests }) =>
        requests.map(({ method, url, cookieSent, origin }) => ({ method, url, cookieSent, origin })),
      );
      const observed = stepsOf(item).map(({ requests }) =>
        requests.map(({ method, url, cookie, headers }) => ({
          method,
          url,
          cookieSent: cookie === true,
          origin: headers?.origin ?? null,
        })),
      );
      expect(predicted, item.id).toEqual(observed);
    }
  });

  it('is predicted for what the script gets: type, status and visible headers', () => {
    for (const item of cases) {
      const predicted = playCase(createFetchJudge, item).map(({ type, status, visibleHeaders }) => ({
        type,
        status,
        visibleHeaders,
      }));
      const observed = stepsOf(item).map(({ type, status, visibleHeaders }) => ({
        type: type ?? null,
        status: status ?? null,
        visibleHeaders: visibleHeaders ?? [],
      }));
      expect(predicted, item.id).toEqual(observed);
    }
  });

  it('finds no agreement where the prediction is wrong', () => {
    const item = cases.find(({ id }) => id === 'cors/acao/absent/001');
    if (item === undefined) throw new Error('no such case');
    expect(compare(item, { id: item.id })).toContainEqual({
      field: 'corsError',
      predicted: null,
      expected: 'MissingAllowOriginHeader',
    });
  });
});
