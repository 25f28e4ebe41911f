import { describe, expect, it } from 'vitest';
import { permissionAge } from '../../../../src/verdicts/cors/preflight-cache.ts';
import type {
  Answerer,
  FetchInit,
  FetchPage,
  HeaderPairs,
  HttpAnswer,
} from '../../../../src/verdicts/cors/types.ts';
import { ALLOWED, API, allow, answerOf, judgeWith, PAGE, pageAt } from './requests.ts';

/** Preflights get what `permission` says, requests are allowed for whoever asks. */
function server(permission: HeaderPairs): Answerer {
  return ({ preflight, origin }) => {
    if (!preflight) return allow(origin ?? 'null');
    const own: HeaderPairs = [
      ['access-control-allow-origin', origin ?? 'null'],
      ['access-control-allow-credentials', 'true'],
    ];
    return answerOf([...own, ...permission], 204);
  };
}

interface Second {
  readonly init?: Partial<FetchInit>;
  readonly page?: FetchPage;
  readonly after?: number;
}

const PUT: FetchInit = { url: API, method: 'PUT', credentials: 'include' };
const LISTS: HeaderPairs = [
  ['access-control-allow-methods', 'PUT, DELETE'],
  ['access-control-allow-headers', 'x-a'],
];

/** How many preflights the second of two fetches makes. */
function preflightsOfSecond(second: Second, permission: HeaderPairs = LISTS, first: FetchInit = PUT) {
  const judge = judgeWith();
  judge.judge(PAGE, first, server(permission), 0);
  const { init = {}, page = PAGE, after = 1 } = second;
  return judge.judge(page, { ...first, ...init }, server(permission), after).preflights;
}

describe('the preflight cache', () => {
  it('keeps leave for five seconds', () => {
    expect(preflightsOfSecond({ after: 4_999 })).toBe(0);
    expect(preflightsOfSecond({ after: 5_000 })).toBe(1);
  });

  it.each([
    ['600', 600_000],
    ['+600', 600_000],
    [' 10', 10_000],
    ['007', 7_000],
    ['0', 0],
    ['-0', 0],
    ['-1', 0],
    ['7200', 7_200_000],
    ['86400', 7_200_000],
    ['9223372036854775807', 7_200_000],
    ['9223372036854775808', 5_000],
    ['-9223372036854775809', 5_000],
    ['5s', 5_000],
    ['1.5', 5_000],
    ['1e3', 5_000],
    ['"600"', 5_000],
    ['600, 600', 5_000],
    ['+-5', 5_000],
    ['', 5_000],
  ])('reads Max-Age %j as %i ms', (value, age) => {
    expect(permissionAge(answerOf({ 'Access-Control-Max-Age': value }))).toBe(age);
  });

  it('does not keep what is worth 0 seconds', () => {
    expect(preflightsOfSecond({}, [...LISTS, ['access-control-max-age', '0']])).toBe(1);
  });

  it('serves whatever the answer lists, not only what was asked for', () => {
    expect(preflightsOfSecond({ init: { method: 'DELETE', headers: [['X-A', '1']] } })).toBe(0);
    expect(preflightsOfSecond({ init: { method: 'PATCH' } })).toBe(1);
    expect(preflightsOfSecond({ init: { headers: [['x-b', '1']] } })).toBe(1);
  });

  it('serves one URL, to its fragment, and one origin', () => {
    expect(preflightsOfSecond({ init: { url: `${API}?page=2` } })).toBe(1);
    expect(preflightsOfSecond({ init: { url: `${API}#fragment` } })).toBe(1);
    expect(preflightsOfSecond({ page: pageAt('https://www.example.com/') })).toBe(1);
  });

  it('with credentials serves requests without, not the other way round', () => {
    expect(preflightsOfSecond({ init: { credentials: 'omit' } })).toBe(0);
    expect(
      preflightsOfSecond({ init: { credentials: 'include' } }, LISTS, { ...PUT, credentials: 'omit' }),
    ).toBe(1);
  });

  it('never lets a wildcard stand for Authorization', () => {
    const first: FetchInit = { ...PUT, credentials: 'omit', headers: [['authorization', 'Bearer x']] };
    const wildcard: HeaderPairs = [...LISTS, ['access-control-allow-headers', '*']];
    expect(preflightsOfSecond({}, wildcard, first)).toBe(1);
    expect(
      preflightsOfSecond({}, [...wildcard, ['access-control-allow-headers', 'authorization']], first),
    ).toBe(0);
  });

  it('keeps nothing for a page with an opaque origin', () => {
    const page = pageAt('https://example.com/', { opaque: true });
    const judge = judgeWith();
    const counts = [0, 1].map((now) => judge.judge(page, PUT, server(LISTS), now).preflights);
    expect(counts).toEqual([1, 1]);
  });

  it('keeps no refusal', () => {
    expect(preflightsOfSecond({}, [])).toBe(1);
  });

  it('keeps leave although the request itself failed', () => {
    const judge = judgeWith();
    const failing: Answerer = (request) => (request.preflight ? server(LISTS)(request) : answerOf({}));
    expect(judge.judge(PAGE, PUT, failing, 0).corsError).toBe('MissingAllowOriginHeader');
    expect(judge.judge(PAGE, PUT, server(LISTS), 1)).toMatchObject({ preflights: 0, readable: true });
  });

  it('does not keep very long URLs', () => {
    const url = `${API}?${'x'.repeat(1024)}`;
    expect(preflightsOfSecond({}, LISTS, { ...PUT, url })).toBe(1);
  });
});

describe('the HTTP cache', () => {
  /** The verdict for www.example.com on what was fetched for example.com a second before. */
  function second(headers: HeaderPairs, page = pageAt('https://www.example.com/')) {
    const judge = judgeWith();
    const init: FetchInit = { url: API, credentials: 'include' };
    judge.judge(PAGE, init, () => answerOf([...ALLOWED, ...headers]), 0);
    return judge.judge(page, init, ({ origin }) => allow(origin ?? 'null'), 1_000);
  }

  /** How many requests leave for the second of two fetches from one page. */
  function requestsOfSecond(kept: HttpAnswer, second: Partial<FetchInit> = {}, page = PAGE) {
    const judge = judgeWith();
    const init: FetchInit = { url: API, credentials: 'include' };
    judge.judge(page, init, () => kept, 0);
    return judge.judge(page, { ...init, ...second }, server(LISTS), 1).requests.length;
  }

  const FRESH: HeaderPairs = [...ALLOWED, ['cache-control', 'max-age=600']];

  it('answers GET and HEAD, but not for a part', () => {
    expect(requestsOfSecond(answerOf(FRESH))).toBe(0);
    expect(requestsOfSecond(answerOf(FRESH), { method: 'HEAD' })).toBe(0);
    expect(requestsOfSecond(answerOf(FRESH), { headers: [['range', 'bytes=0-']] })).toBe(1);
  });

  it.each([
    ['one that the page may not read', answerOf([['cache-control', 'max-age=600']])],
    ['one that asks for a login', answerOf(FRESH, 401)],
    ['a part', answerOf(FRESH, 206)],
    ['one that has been on its way for long', answerOf([...FRESH, ['age', '600']])],
    ['one with Pragma: no-cache', answerOf([...FRESH, ['pragma', 'no-cache']])],
    ['one with a quoted age', answerOf([...ALLOWED, ['cache-control', 'max-age="600"']])],
    ['one with a semicolon after the age', answerOf([...ALLOWED, ['cache-control', 'max-age=600;']])],
  ])('does not keep %s', (_, answer) => {
    expect(requestsOfSecond(answer)).toBe(1);
  });

  it('keeps nothing for a page with an opaque origin', () => {
    const fresh = allow('null', [['cache-control', 'max-age=600']]);
    expect(requestsOfSecond(fresh, {}, pageAt('https://example.com/', { opaque: true }))).toBe(1);
  });

  it.each([
    ['POST', 1],
    ['DELETE', 1],
    ['PUT', 0],
  ])('after %s, asks again %i times', (method, requests) => {
    const judge = judgeWith();
    const init: FetchInit = { url: API, credentials: 'include' };
    judge.judge(PAGE, init, () => answerOf(FRESH), 0);
    judge.judge(PAGE, { ...init, method }, server(LISTS), 1);
    expect(judge.judge(PAGE, init, server(LISTS), 2).requests).toHaveLength(requests);
  });

  it('serves a fresh answer for one origin to another, without a request', () => {
    expect(second([['cache-control', 'public, max-age=600']])).toMatchObject({
      corsError: 'AllowOriginMismatch',
      failedParameter: 'https://example.com',
      requests: [],
      cookieSent: false,
    });
  });

  it.each([
    [
      'Vary: Origin',
      [
        ['cache-control', 'max-age=600'],
        ['vary', 'Accept, Origin'],
      ],
    ],
    [
      'Vary: *',
      [
        ['cache-control', 'max-age=600'],
        ['vary', '*'],
      ],
    ],
    ['no-store', [['cache-control', 'no-store, max-age=600']]],
    ['no-cache', [['cache-control', 'max-age=600, no-cache']]],
    ['a lifetime that is over', [['cache-control', 'max-age=1']]],
    ['no lifetime', []],
  ] satisfies readonly (readonly [string, HeaderPairs])[])('asks again because of %s', (_, headers) => {
    expect(second(headers)).toMatchObject({ readable: true, cookieSent: true });
  });

  it('is another one for pages of another site', () => {
    const verdict = second([['cache-control', 'max-age=600']], pageAt('https://other.test/'));
    expect(verdict).toMatchObject({ readable: true });
  });
});
