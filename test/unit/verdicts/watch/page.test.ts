import { expect, test } from 'vitest';
import {
  CHROMIUM,
  CORS,
  codes,
  createTraffic,
  type Options,
  SETTINGS,
  START,
  tokenCookie,
} from './traffic.ts';

const from = (origin: string): Options => ({
  canary: 'not-sent',
  answer: [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Credentials', 'true'],
  ],
  request: [
    ['user-agent', CHROMIUM],
    ['origin', origin],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-mode', 'cors'],
    ['sec-fetch-dest', 'empty'],
  ],
});
const LOGIN = [
  tokenCookie('jwt-access-token', 'a.b.c', 300, START),
  tokenCookie('jwt-refresh-token', 'd.e.f', 86_400, START),
];

test.each(['http://localhost:5173', 'http://127.0.0.1:5173', 'http://example.com', 'https://other.test'])(
  'a script on %s that calls the API is named, with the page to open instead (JD101)',
  (origin) => {
    const [finding] = createTraffic().raw('GET', 'https://api.example.com/auth/user/', from(origin));
    expect(finding?.code).toBe('JD101');
    expect(finding?.evidence).toContain(origin);
    expect(finding?.fixes?.[0]).toEqual({
      place: 'browser',
      text: `Open https://example.com instead of ${origin}.`,
    });
  },
);

test('a dev server of this machine can be put behind the name, another site cannot', () => {
  const fixesFor = (origin: string) =>
    createTraffic().raw('GET', 'https://api.example.com/auth/user/', from(origin))[0]?.fixes;
  const lead = { place: 'terminal', text: 'jwt-dev up --frontend 3000' };
  expect(fixesFor('http://localhost:3000')).toContainEqual(lead);
  expect(fixesFor('http://[::1]:3000')).toContainEqual(lead);
  expect(fixesFor('https://shop.test')).toHaveLength(1);
});

test('that the API refuses such a page is right: nobody is told to let it in', () => {
  const url = 'https://api.example.com/auth/user/';
  const codesOf = (answer: Parameters<ReturnType<typeof createTraffic>['raw']>[2]) =>
    createTraffic()
      .raw('GET', url, answer)
      .map(({ code }) => code);
  const other = from('https://attacker.test');
  expect(codesOf({ ...other, answer: [], status: 401 })).toEqual(['JD101']);
  expect(codesOf({ ...other, answer: [['access-control-allow-origin', 'https://example.com']] })).toEqual([
    'JD101',
  ]);
});

test('what goes wrong on purpose shows nothing', () => {
  const probe = from('https://attacker.test');
  const request = [['user-agent', 'prober'], ...(probe.request ?? []).slice(1)] as const;
  const codesWith = (ownAgent: string) =>
    createTraffic({ ...SETTINGS, ownAgent })
      .raw('GET', 'https://api.example.com/auth/user/', { ...probe, request })
      .map(({ code }) => code);
  expect(codesWith('prober')).toEqual([]);
  expect(codesWith('another')).toEqual(['JD101']);
});

test('a file opened from disk has no origin (JD101)', () => {
  const [finding] = createTraffic().raw('GET', 'https://api.example.com/auth/user/', from('null'));
  expect(finding?.code).toBe('JD101');
  expect(finding?.fixes).toEqual([{ place: 'browser', text: 'Open https://example.com.' }]);
});

test('a WebSocket of a page of another site has only its Origin to tell it by (JD101)', () => {
  const request = [['origin', 'http://localhost:5173']] as const;
  const [finding] = createTraffic().raw('GET', 'https://api.example.com/ws', {
    request,
    status: 101,
    more: { kind: 'websocket' },
  });
  expect(finding?.code).toBe('JD101');
  const own = createTraffic().raw('GET', 'https://api.example.com/ws', {
    request: [['origin', 'https://example.com']],
    status: 101,
    more: { kind: 'websocket' },
  });
  expect(own).toEqual([]);
});

test('a request that went through a redirect of another site is not of another site', () => {
  const options = from('https://example.com');
  expect(createTraffic().raw('GET', 'https://api.example.com/auth/user/', options)).toEqual([]);
});

test('a login without credentials loses its cookies (JD102)', () => {
  const traffic = createTraffic();
  traffic.page();
  const [finding] = traffic.call('POST', '/auth/login/', { canary: 'not-sent', setCookie: LOGIN });
  expect(finding?.code).toBe('JD102');
  expect(finding?.evidence).toContain(
    'POST /auth/login/ answered 200 with 2 Set-Cookies, but the request was sent without credentials',
  );
  expect(finding?.fixes?.[0]?.text).toBe(
    "fetch('https://api.example.com/auth/login/', { credentials: 'include' })",
  );
});

test('a call without credentials that gets 401 is told so; a wrong password at the login is not (JD102)', () => {
  const traffic = createTraffic();
  traffic.page();
  expect(codes(traffic.call('GET', '/auth/user/', { canary: 'not-sent', status: 401 }))).toEqual(['JD102']);
  expect(codes(traffic.call('POST', '/auth/token/refresh/', { canary: 'not-sent', status: 401 }))).toEqual([
    'JD102',
  ]);
  expect(traffic.call('POST', '/auth/login/', { canary: 'not-sent', status: 401 })).toEqual([]);
});

test('a call that had the canary before on this page has lost it with all cookies, and says nothing', () => {
  const traffic = createTraffic();
  traffic.page();
  traffic.call('POST', '/auth/login/', { setCookie: LOGIN });
  expect(traffic.call('POST', '/auth/login/', { canary: 'not-sent', setCookie: LOGIN })).toEqual([]);
});

test('a request that was under way before the page came has nothing to say', () => {
  const traffic = createTraffic();
  traffic.page('/', { at: START, durationMs: 500 });
  expect(traffic.call('GET', '/auth/user/', { at: START - 200, canary: 'not-sent', status: 401 })).toEqual(
    [],
  );
});

test('an application that sends its token in a header needs no cookies', () => {
  const traffic = createTraffic();
  traffic.page();
  traffic.call('GET', '/auth/user/', {
    canary: 'not-sent',
    request: [['authorization', 'Bearer x']],
    status: 401,
  });
  expect(traffic.call('GET', '/auth/user/', { canary: 'not-sent', status: 401 })).toEqual([]);
});

test('without the canary, calls that never carry the cookies of a login say "if" (JD102)', () => {
  const traffic = createTraffic();
  const off = { canary: 'unknown' } as const;
  traffic.page('/', off);
  traffic.call('POST', '/auth/login/', { ...off, setCookie: LOGIN });
  traffic.call('GET', '/auth/user/', { ...off, status: 401 });
  traffic.call('GET', '/auth/user/', { ...off, status: 401 });
  expect(traffic.found).toEqual([]);
  const [finding] = traffic.call('GET', '/items/', { ...off, status: 401 });
  expect(finding?.code).toBe('JD102');
  expect(finding?.evidence).toMatch(/if nobody deleted them/);
  expect(finding?.exchanges).toHaveLength(2);
});

test('an image that its Cross-Origin-Resource-Policy keeps back (JD215)', () => {
  const image = (site: string, policy: string): Options => ({
    request: [
      ['user-agent', CHROMIUM],
      ['sec-fetch-site', site],
      ['sec-fetch-mode', 'no-cors'],
      ['sec-fetch-dest', 'image'],
    ],
    answer: [['Cross-Origin-Resource-Policy', policy]],
  });
  const ask = (site: string, policy: string) =>
    codes(createTraffic().raw('GET', 'https://api.example.com/media/1.png', image(site, policy)));
  expect(ask('same-site', 'same-origin')).toEqual(['JD215']);
  expect(ask('cross-site', 'same-site')).toEqual(['JD215']);
  expect(ask('same-site', 'same-site')).toEqual([]);
  expect(ask('same-site', 'cross-origin')).toEqual([]);
  expect(ask('same-origin', 'same-origin')).toEqual([]);
  expect(
    createTraffic().call('GET', '/media/1.png', {
      answer: [...CORS, ['Cross-Origin-Resource-Policy', 'same-origin']],
    }),
  ).toEqual([]);
});
