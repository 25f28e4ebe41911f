import { describe, expect, it } from 'vitest';
import { checkPreflight, needsPreflight } from '../../../../src/verdicts/cors/preflight.ts';
import { isPreflight, requestOfPreflight } from '../../../../src/verdicts/cors/seen-preflight.ts';
import type { HeaderPairs } from '../../../../src/verdicts/cors/types.ts';
import { ALLOWED, answerOf } from './requests.ts';

const HEADERS: HeaderPairs = [
  ['Origin', 'https://example.com'],
  ['Access-Control-Request-Method', 'POST'],
  ['Access-Control-Request-Headers', 'content-type,x-csrftoken'],
];

describe('a preflight as a proxy sees it', () => {
  it('is an OPTIONS request with an origin that names a method', () => {
    expect(isPreflight('OPTIONS', HEADERS)).toBe(true);
    expect(isPreflight('GET', HEADERS)).toBe(false);
    expect(isPreflight('OPTIONS', HEADERS.slice(0, 1))).toBe(false);
    expect(isPreflight('OPTIONS', HEADERS.slice(1))).toBe(false);
  });

  it('tells enough of the request to judge the answer', () => {
    const request = requestOfPreflight(
      { url: 'https://api.example.com/auth/login/', headers: HEADERS },
      'include',
    );
    expect(needsPreflight(request)).toEqual({ method: null, headers: ['content-type', 'x-csrftoken'] });
    const allowed: HeaderPairs = [...ALLOWED, ['Access-Control-Allow-Headers', 'content-type']];
    expect(checkPreflight(request, answerOf(allowed))?.failedParameter).toBe('x-csrftoken');
  });
});
