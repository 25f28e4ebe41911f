import { expect, test } from 'vitest';
import { createWatch } from '../../../../src/verdicts/watch/create-watch.ts';
import {
  codes,
  createTraffic,
  jwt,
  type Options,
  SETTINGS,
  START,
  type Traffic,
  tokenCookie,
} from './traffic.ts';

const ACCESS = 'jwt-access-token';
const at = (traffic: Traffic, time: number, dateOffset: number, extra: Options = {}) =>
  traffic.raw('GET', 'https://api.example.com/items/', {
    at: time,
    ...extra,
    more: { responseHeaders: [['Date', new Date(time + dateOffset).toUTCString()], ...(extra.answer ?? [])] },
  });

test('a backend whose clock is 94 s behind, seen twice (JD450)', () => {
  const traffic = createTraffic();
  expect(at(traffic, START, -94_000)).toEqual([]);
  const [finding] = at(traffic, START + 8_000, -94_000);
  expect(finding?.code).toBe('JD450');
  expect(finding?.evidence).toContain('94 s behind');
});

test('a backend whose clock is ahead (JD450)', () => {
  const traffic = createTraffic();
  at(traffic, START, 30_000);
  expect(at(traffic, START + 8_000, 30_000)[0]?.evidence).toContain('ahead of');
});

test('an answer out of a cache, a slow one, and a Date of whole seconds are no skew', () => {
  const traffic = createTraffic();
  const fixed = START - 60_000;
  for (let n = 0; n < 10; n += 1) at(traffic, START + n * 6_000, fixed - (START + n * 6_000));
  for (let n = 0; n < 10; n += 1) at(traffic, START + n * 6_000, -60_000, { answer: [['Age', '60']] });
  for (let n = 0; n < 10; n += 1) at(traffic, START + n * 30_000, 20_000, { durationMs: 25_000 });
  for (let n = 0; n < 10; n += 1) at(traffic, START + n * 6_777, -999);
  expect(traffic.found).toEqual([]);
});

test('a cookie that is over as it arrives, and is no deletion (JD450)', () => {
  const past = new Date(START - 94_000).toUTCString();
  const [finding] = createTraffic().call('POST', '/items/', {
    setCookie: [`sid=abc; Expires=${past}; Path=/`],
  });
  expect(finding).toMatchObject({ code: 'JD450', subject: 'sid' });
  const fine = createTraffic().call('POST', '/items/', {
    setCookie: [
      `sid=abc; Expires=${past}; Max-Age=60; Path=/`,
      'sid2=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      `sid3=; Expires=${past}`,
    ],
  });
  expect(fine).toEqual([]);
});

test('a token of the future (JD450), unless the Date is right: then tests have moved the clock of the API', () => {
  const token = tokenCookie(ACCESS, jwt({ iat: START / 1000 + 600, exp: START / 1000 + 900 }), 300, START);
  const refresh = tokenCookie('jwt-refresh-token', 'd.e.f', 300, START);
  expect(createTraffic().call('POST', '/auth/login/', { setCookie: [token, refresh] })).toEqual([]);
  const withoutDate = {
    responseHeaders: [
      ['Set-Cookie', token],
      ['Set-Cookie', refresh],
    ],
  } as const;
  const findings = createTraffic().raw('POST', 'https://api.example.com/auth/login/', { more: withoutDate });
  expect(codes(findings)).toEqual(['JD450']);
  expect(findings[0]?.evidence).toContain('10 min in the future');
});

test('Strict-Transport-Security (JD460), unless it takes itself back', () => {
  const page = (value: string) =>
    codes(createTraffic().page('/', { more: { withheldHeaders: [['strict-transport-security', value]] } }));
  expect(page('max-age=31536000; includeSubDomains')).toEqual(['JD460']);
  expect(page('max-age=0')).toEqual([]);
  expect(page('max-age="0"; includeSubDomains')).toEqual([]);
});

const fromNode = (time: number, status: number, extra: Options = {}): Options => ({
  at: time,
  durationMs: 10,
  status,
  canary: 'unknown',
  ...extra,
  request: [['user-agent', 'node'], ['sec-fetch-mode', 'cors'], ...(extra.request ?? [])],
});

test('a page is rendered for somebody who is logged in, and Node passes no cookies on (JD432)', () => {
  const traffic = createTraffic();
  traffic.raw('GET', 'https://api.example.com/auth/user/', fromNode(START + 20, 401));
  const [finding] = traffic.page('/', { at: START, durationMs: 100, cookie: `${ACCESS}=a` });
  expect(finding).toMatchObject({ code: 'JD432', exchanges: ['x1', 'x2'] });
  expect(finding?.evidence).toContain('pass its Cookie header on');
});

test('it does not matter which of the two is over first (JD432)', () => {
  const traffic = createTraffic();
  traffic.page('/', { at: START, durationMs: 100, cookie: `${ACCESS}=a` });
  const [finding] = traffic.raw('GET', 'https://api.example.com/auth/user/', {
    ...fromNode(START + 20, 401),
    durationMs: 200,
  });
  expect(finding).toMatchObject({ code: 'JD432', host: 'api.example.com', exchanges: ['x2', 'x1'] });
});

test('the cookies are host-only on the API and never reach the renderer (JD432)', () => {
  const traffic = createTraffic();
  traffic.call('POST', '/auth/login/', {
    setCookie: [
      tokenCookie(ACCESS, 'a.b.c', 300, START),
      tokenCookie('jwt-refresh-token', 'd.e.f', 300, START),
    ],
  });
  traffic.call('GET', '/auth/user/', { cookie: `${ACCESS}=a.b.c` });
  traffic.raw('GET', 'https://api.example.com/auth/user/', fromNode(START + 1_020, 401));
  const [finding] = traffic.page('/', { at: START + 1_000, durationMs: 100 });
  expect(finding?.evidence).toContain('host-only on the API');
});

test('a renderer that asks for a visitor, passes cookies on, or asks at another time is in order', () => {
  const traffic = createTraffic();
  const api = 'https://api.example.com/auth/user/';
  traffic.raw('GET', api, fromNode(START + 20, 401));
  traffic.page('/', { at: START, durationMs: 100 });
  traffic.raw('GET', api, fromNode(START + 1_020, 401, { cookie: `${ACCESS}=old` }));
  traffic.raw('GET', api, fromNode(START + 1_030, 200));
  traffic.raw('GET', api, fromNode(START + 1_200, 401));
  traffic.page('/', { at: START + 1_000, durationMs: 100, cookie: `${ACCESS}=a` });
  expect(traffic.found).toEqual([]);
});

const MARK = 'sEcReTvAlUe0123456789';

test('no finding holds a value of a cookie, a token, or a query', () => {
  const traffic = createTraffic();
  const cookie = `jwt-access-token=${MARK}; jwt-refresh-token=${MARK}; jwt-access-token=${MARK}`;
  const options: Options = {
    cookie,
    answer: [],
    setCookie: [
      MARK,
      `jwt-access-token=${MARK}; Domain=com`,
      `x=${MARK}${'y'.repeat(5_000)}`,
      `=${MARK}; SameSite=None`,
    ],
    request: [['authorization', `Bearer ${MARK}`]],
  };
  traffic.call('POST', `/auth/login/?token=${MARK}`, { ...options, status: 401, refusal: 'token_not_valid' });
  traffic.call('GET', `/auth/reset/${MARK.repeat(3)}/`, { ...options, status: 500 });
  for (let n = 0; n < 6; n += 1)
    traffic.call('POST', `/auth/token/refresh/?x=${MARK}`, { ...options, status: 401 });
  expect(traffic.found.length).toBeGreaterThan(10);
  expect(JSON.stringify(traffic.found)).not.toContain(MARK);
});

test('modules and images of the frontend are dismissed with one and the same empty answer', () => {
  const watch = createWatch(SETTINGS);
  const exchange = {
    id: 'x',
    kind: 'http',
    at: START,
    durationMs: 1,
    url: 'https://example.com/a.js',
    method: 'GET',
    status: 200,
    requestHeaders: [['sec-fetch-dest', 'script']],
    responseHeaders: [['content-type', 'text/javascript']],
    withheldHeaders: [],
    refusal: null,
    canary: 'sent',
    fromBackend: true,
  } as const;
  expect(watch.exchange(exchange)).toBe(watch.exchange({ ...exchange, url: 'https://example.com/b.png' }));
});
