import { expect, test } from 'vitest';
import {
  CHROMIUM,
  CORS,
  createTraffic,
  deletion,
  FIREFOX,
  jwt,
  type Options,
  START,
  type Traffic,
  tokenCookie,
} from './traffic.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000);
const access = (n: number, at = START): string =>
  jwt({ token_type: 'access', n, iat: seconds(at), exp: seconds(at) + 300 });
const refresh = (n: number, at = START): string =>
  jwt({ token_type: 'refresh', n, iat: seconds(at), exp: seconds(at) + 86_400 });
const cookieOf = (n: number): string => `jwt-access-token=${access(n)}; jwt-refresh-token=${refresh(n)}`;
const bothSet = (n: number): readonly string[] => [
  tokenCookie('jwt-access-token', access(n), 300, START),
  tokenCookie('jwt-refresh-token', refresh(n), 86_400, START),
];
const bothDeleted = [deletion('jwt-access-token'), deletion('jwt-refresh-token')];
const REFUSED = '{"detail":"Authentication credentials were not provided."}';

/** Register, log in, reload, refresh, log out: what the bundled API makes of it. */
function session(traffic: Traffic, as: Options = {}): void {
  const { page, call, preflight } = traffic;
  page('/', { canary: 'unknown', ...as });
  traffic.raw('GET', 'https://example.com/src/main.ts', {
    ...as,
    request: [
      ['sec-fetch-dest', 'script'],
      ['sec-fetch-mode', 'cors'],
      ['sec-fetch-site', 'same-origin'],
    ],
  });
  call('GET', '/auth/user/', { ...as, status: 401, refusal: REFUSED });
  preflight('POST', '/auth/registration/', 'content-type', as);
  call('POST', '/auth/registration/', { ...as, status: 201 });
  preflight('POST', '/auth/login/', 'content-type', as);
  call('POST', '/auth/login/', {
    ...as,
    status: 400,
    refusal: '{"non_field_errors":["Unable to log in with provided credentials."]}',
  });
  call('POST', '/auth/login/', { ...as, setCookie: bothSet(1) });
  call('GET', '/auth/user/', { ...as, cookie: cookieOf(1) });
  page('/account', as);
  call('GET', '/auth/user/', { ...as, cookie: cookieOf(1) });
  // The access cookie ends with its token: the next call has none.
  traffic.wait(301_000);
  call('GET', '/auth/user/', {
    ...as,
    status: 401,
    cookie: `jwt-refresh-token=${refresh(1)}`,
    refusal: REFUSED,
  });
  call('POST', '/auth/token/refresh/', {
    ...as,
    cookie: `jwt-refresh-token=${refresh(1)}`,
    setCookie: bothSet(2),
  });
  call('GET', '/auth/user/', { ...as, cookie: cookieOf(2) });
  preflight('PATCH', '/auth/user/', 'content-type', as);
  call('PATCH', '/auth/user/', { ...as, cookie: cookieOf(2) });
  preflight('POST', '/auth/logout/', 'content-type', as);
  call('POST', '/auth/logout/', { ...as, cookie: cookieOf(2), setCookie: bothDeleted });
  call('GET', '/auth/user/', { ...as, status: 401, refusal: REFUSED });
  // Logging out twice, and logging in again.
  call('POST', '/auth/logout/', { ...as, setCookie: bothDeleted });
  call('POST', '/auth/login/', { ...as, setCookie: bothSet(3) });
}

test('a whole session against the bundled API raises nothing', () => {
  const traffic = createTraffic();
  session(traffic);
  session(traffic);
  expect(traffic.found).toEqual([]);
});

test('nor does it with the canary switched off', () => {
  const traffic = createTraffic();
  session(traffic, { canary: 'unknown' });
  session(traffic, { canary: 'unknown' });
  expect(traffic.found).toEqual([]);
});

test('two browsers at once, each with a session of its own, raise nothing', () => {
  const traffic = createTraffic();
  for (let n = 10; n < 20; n += 1) {
    for (const [userAgent, token] of [
      [CHROMIUM, n],
      [FIREFOX, n + 100],
    ] as const) {
      traffic.page('/', { userAgent });
      traffic.call('POST', '/auth/login/', { userAgent, setCookie: bothSet(token) });
      traffic.call('GET', '/auth/user/', { userAgent, cookie: cookieOf(token) });
      traffic.call('POST', '/auth/token/refresh/', {
        userAgent,
        cookie: cookieOf(token),
        setCookie: bothSet(token + 50),
      });
      traffic.call('POST', '/auth/logout/', {
        userAgent,
        cookie: cookieOf(token + 50),
        setCookie: bothDeleted,
      });
    }
  }
  expect(traffic.found).toEqual([]);
});

test('parallel test workers in one browser, some logged in and some not, raise nothing', () => {
  const traffic = createTraffic();
  for (let n = 0; n < 30; n += 1) {
    traffic.page('/', { canary: 'unknown' });
    traffic.call('GET', '/auth/user/', { status: 401, refusal: REFUSED });
    traffic.call('POST', '/auth/token/refresh/', {
      status: 401,
      refusal: '{"detail":"No valid refresh token found.","code":"token_not_valid"}',
    });
    traffic.call('POST', '/auth/login/', { setCookie: bothSet(n) });
    traffic.page('/', { canary: 'unknown' });
    traffic.call('GET', '/auth/user/', { cookie: cookieOf(n) });
  }
  expect(traffic.found).toEqual([]);
});

test('clients that are no browsers raise nothing: curl, health checks, test runners', () => {
  const traffic = createTraffic();
  const api = 'https://api.example.com';
  const as = (userAgent: string, options: Options = {}): Options => ({
    canary: 'unknown',
    ...options,
    request: [['user-agent', userAgent], ...(options.request ?? [])],
  });
  traffic.raw('GET', `${api}/health`, as('curl/8.14.1'));
  traffic.raw('GET', `${api}/auth/user/`, as('curl/8.14.1', { status: 401, refusal: REFUSED }));
  traffic.raw('POST', `${api}/auth/login/`, as('curl/8.14.1', { setCookie: bothSet(1) }));
  traffic.raw('GET', `${api}/auth/user/`, as('node', { status: 401, request: [['sec-fetch-mode', 'cors']] }));
  traffic.raw('GET', `${api}/auth/user/`, as('python-requests/2.33', { cookie: cookieOf(1) }));
  traffic.raw(
    'GET',
    `${api}/auth/user/`,
    as('node', { request: [['authorization', 'Bearer x']], status: 401 }),
  );
  traffic.raw(
    'OPTIONS',
    `${api}/auth/user/`,
    as('curl/8.14.1', {
      request: [
        ['origin', 'https://evil.test'],
        ['access-control-request-method', 'GET'],
      ],
    }),
  );
  expect(traffic.found).toEqual([]);
});

test('a page that is left in the middle of a refresh, and refreshes again when it is back, raises nothing', () => {
  const traffic = createTraffic();
  const cookie = `jwt-refresh-token=${refresh(1)}`;
  traffic.call('POST', '/auth/token/refresh/', {
    status: 0,
    cookie,
    answer: [],
    more: { fromBackend: false },
  });
  traffic.page('/');
  traffic.call('POST', '/auth/token/refresh/', { cookie, setCookie: bothSet(2) });
  expect(traffic.found).toEqual([]);
});

test('a refresh that failed at the server and is tried again raises nothing', () => {
  const traffic = createTraffic();
  const cookie = `jwt-refresh-token=${refresh(1)}`;
  traffic.call('POST', '/auth/token/refresh/', { status: 503, cookie });
  traffic.call('POST', '/auth/token/refresh/', { cookie, setCookie: bothSet(2) });
  expect(traffic.found).toEqual([]);
});

test('a browser cache that asks whether its answer is still good raises nothing', () => {
  const traffic = createTraffic();
  traffic.call('GET', '/items/', { answer: [...CORS, ['Cache-Control', 'max-age=60'], ['ETag', '"1"']] });
  traffic.call('GET', '/items/', { status: 304, answer: [['ETag', '"1"']] });
  expect(traffic.found).toEqual([]);
});

test('public data that is fetched without credentials on purpose raises nothing', () => {
  const traffic = createTraffic();
  traffic.page('/');
  const open = { canary: 'not-sent', answer: [['Access-Control-Allow-Origin', '*']] } as const;
  traffic.call('GET', '/public/news/', open);
  traffic.call('GET', '/public/news/', { ...open, setCookie: ['__cf_bm=abc; Path=/; Secure; HttpOnly'] });
  traffic.preflight('GET', '/public/news/', 'x-client', {
    answer: [
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Allow-Headers', '*'],
    ],
  });
  traffic.call('GET', '/public/news/', open);
  traffic.wait(20_000);
  traffic.page('/');
  expect(traffic.found).toEqual([]);
});

test('links from other sites, form posts of an identity provider, images and extensions raise nothing', () => {
  const traffic = createTraffic();
  const api = 'https://api.example.com';
  const from = (origin: string, mode: string, dest: string): Options => ({
    canary: 'not-sent',
    request: [
      ['user-agent', CHROMIUM],
      ['origin', origin],
      ['sec-fetch-site', 'cross-site'],
      ['sec-fetch-mode', mode],
      ['sec-fetch-dest', dest],
    ],
  });
  traffic.raw(
    'GET',
    `${api}/auth/google/callback/?code=1`,
    from('https://accounts.test', 'navigate', 'document'),
  );
  traffic.raw('POST', `${api}/auth/saml/acs/`, {
    ...from('https://idp.test', 'navigate', 'document'),
    setCookie: bothSet(1),
  });
  traffic.raw('GET', `${api}/media/1.png`, from('https://other.test', 'no-cors', 'image'));
  traffic.raw('GET', `${api}/items/`, from('chrome-extension://abcdefgh', 'cors', 'empty'));
  expect(traffic.found).toEqual([]);
});
