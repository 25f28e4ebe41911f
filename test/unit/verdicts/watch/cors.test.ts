import { expect, test } from 'vitest';
import type { HeaderPairs } from '../../../../src/verdicts/watch/types.ts';
import { CORS, codes, createTraffic, type Options, PREFLIGHT_ANSWER } from './traffic.ts';

const allow = (origin: string | null, credentials: string | null): HeaderPairs => [
  ...(origin === null ? [] : [['Access-Control-Allow-Origin', origin] as const]),
  ...(credentials === null ? [] : [['Access-Control-Allow-Credentials', credentials] as const]),
];
const answered = (answer: HeaderPairs, options: Options = {}) =>
  createTraffic().call('GET', '/items/', { answer, ...options });

test.each([
  ['JD201', 'WildcardOriginNotAllowed', allow('*', 'true')],
  ['JD202', 'InvalidAllowCredentials', allow('https://example.com', null)],
  ['JD202', 'InvalidAllowCredentials', allow('https://example.com', 'True')],
  ['JD203', 'AllowOriginMismatch', allow('https://example.com/', 'true')],
  ['JD204', 'InvalidAllowOriginValue', allow('example.com', 'true')],
  ['JD205', 'MultipleAllowOriginValues', [...CORS, ...CORS]],
  ['JD206', 'MissingAllowOriginHeader', []],
] as const)('%s: %s', (code, reason, answer) => {
  const findings = answered(answer as HeaderPairs);
  expect(findings.map((finding) => [finding.code, finding.reason])).toEqual([[code, reason]]);
});

test('the slash too much is pointed at, and the fix has the right origin', () => {
  const [finding] = answered(allow('https://example.com/', 'true'));
  expect(finding?.evidence).toContain(
    "is 'https://example.com/', but the page is 'https://example.com' (remove the slash at the end)",
  );
  expect(finding?.fixes?.[0]?.text).toBe("CORS_ALLOWED_ORIGINS = ['https://example.com']");
});

test('an error page without CORS headers: the status is the real error (JD206)', () => {
  const [finding] = answered([], { status: 500 });
  expect(finding?.code).toBe('JD206');
  expect(finding?.evidence).toContain('The real error is the 500');
});

test('cookies in an answer that the page may not read were stored all the same', () => {
  const [finding] = createTraffic().call('POST', '/auth/login/', {
    answer: [],
    setCookie: ['sid=1; Path=/; Secure'],
  });
  expect(finding?.evidence).toContain('The cookies in it WERE stored.');
});

test.each([
  [['a=1; SameSite=None'], 'The browser refuses the cookies in it.'],
  [['a=1; Domain=other.test', 'b=1; SameSite=None'], 'The browser refuses the cookies in it.'],
  [
    ['a=1; SameSite=None', 'sid=1; Path=/', 'csrf=1; Path=/'],
    'Of the cookies in it, sid and csrf WERE stored, and a was refused.',
  ],
  [
    ['a=1; SameSite=None', 'b=1; Domain=other.test', 'sid=1; Path=/'],
    'Of the cookies in it, sid WAS stored, and a and b were refused.',
  ],
  [['a=1; Path=/', 'a=2; Path=/'], 'The cookies in it WERE stored.'],
  [['a=; Path=/; Max-Age=0', 'b=1; SameSite=None'], 'The browser refuses the cookies in it.'],
] as const)(
  'of cookies in an answer that the page may not read it says what is true: %j',
  (setCookie, words) => {
    const found = createTraffic().call('POST', '/auth/login/', { answer: allow('*', null), setCookie });
    const evidence = found.find(({ code }) => code === 'JD201')?.evidence;
    expect(evidence?.split('. ').slice(1).join('. ')).toBe(words.replaceAll('"', ''));
  },
);

test('deletions alone are no cookies that were stored', () => {
  const setCookie = ['a=; Path=/; Max-Age=0'];
  const [finding] = createTraffic().call('POST', '/auth/logout/', { answer: allow('*', null), setCookie });
  expect(finding?.evidence).not.toMatch(/cookies in it/);
});

test('the wildcard is in order for a request without credentials, and for one that nobody knows of', () => {
  expect(answered(allow('*', null), { canary: 'not-sent' })).toEqual([]);
  expect(answered(allow('*', null), { canary: 'unknown' })).toEqual([]);
});

test.each([
  ['JD207', 'POST', 'content-type', { status: 301, answer: [...PREFLIGHT_ANSWER, ['Location', '/items']] }],
  ['JD208', 'POST', 'content-type', { status: 401 }],
  ['JD209', 'POST', 'content-type,x-csrf', {}],
  ['JD210', 'TRACK', '', {}],
  ['JD211', 'PATCH', '', { answer: [...CORS, ['Access-Control-Allow-Methods', 'PATCH POST']] }],
  ['JD206', 'POST', 'content-type', { status: 404, answer: [] }],
  ['JD201', 'POST', 'content-type', { answer: allow('*', 'true') }],
] as const)('%s: the preflight for %s with "%s"', (code, method, headers, options) => {
  expect(codes(createTraffic().preflight(method, '/items/', headers, options as Options))).toEqual([code]);
});

test('the preflight names the header that is missing in the list, and where to add it', () => {
  const [finding] = createTraffic().preflight('POST', '/items/', 'content-type,x-tenant');
  expect(finding?.evidence).toContain("the header 'x-tenant' is not allowed");
  expect(finding?.fixes?.[0]?.text).toBe("CORS_ALLOW_HEADERS = (*default_headers, 'x-tenant')");
});

const OPEN = { answer: allow('*', null) };

test('a preflight answered with the wildcard is wrong for credentials: said when no request follows', () => {
  const traffic = createTraffic();
  traffic.page();
  expect(traffic.preflight('POST', '/auth/login/', '', OPEN)).toEqual([]);
  expect(traffic.page()).toEqual([]);
  traffic.wait(61_000);
  const [finding] = traffic.page();
  expect(finding).toMatchObject({ code: 'JD201', exchanges: ['x2'] });
  expect(finding?.evidence).toMatch(/No request followed\.$/);
});

test('or when somebody tries again, and the browser asks again', () => {
  const traffic = createTraffic();
  expect(traffic.preflight('POST', '/auth/login/', '', OPEN)).toEqual([]);
  expect(traffic.preflight('POST', '/auth/login/', '', OPEN)).toEqual([]);
  traffic.wait(3_000);
  expect(codes(traffic.preflight('POST', '/auth/login/', '', OPEN))).toEqual(['JD201', 'JD201']);
});

test('a slow answer, and an application with a token in a header, are given their time', () => {
  const traffic = createTraffic();
  traffic.preflight('POST', '/report/', '', OPEN);
  traffic.preflight('POST', '/poll/', 'authorization', {
    answer: [...allow('*', null), ['Access-Control-Allow-Headers', 'authorization']],
  });
  traffic.wait(50_000);
  traffic.page();
  traffic.call('POST', '/report/', { canary: 'not-sent', ...OPEN });
  traffic.wait(50_000);
  traffic.page();
  expect(traffic.found).toEqual([]);
});

test('and not said when it does', () => {
  const traffic = createTraffic();
  traffic.page();
  traffic.preflight('POST', '/public/', '', { answer: allow('*', null) });
  traffic.call('POST', '/public/', { canary: 'not-sent', answer: allow('*', null) });
  traffic.wait(120_000);
  traffic.page();
  expect(traffic.found).toEqual([]);
});

test('a fetch that is sent on to a login page on another origin (JD212)', () => {
  const away = (location: string) => codes(answered([...CORS, ['Location', location]], { status: 302 }));
  expect(away('https://example.com/login?next=/items/')).toEqual(['JD212']);
  expect(away('https://sso.other.test/oauth2/authorize?x=1')).toEqual(['JD212']);
  expect(away('https://user:secret@api.example.com/items')).toEqual(['JD212']);
  expect(away('https://files.other.test/report.pdf')).toEqual([]);
  expect(away('/items/1/')).toEqual([]);
  expect(away('http://[')).toEqual([]);
});

test('a fetch that is sent on to plain http (JD213)', () => {
  const findings = answered([...CORS, ['Location', 'http://api.example.com/items/?token=secret']], {
    status: 301,
  });
  expect(codes(findings)).toEqual(['JD213']);
  expect(JSON.stringify(findings)).not.toContain('secret');
});

test('a kept answer for one origin without Vary: Origin (JD214)', () => {
  const kept = (...answer: HeaderPairs) =>
    codes(answered([...allow('https://example.com', 'true'), ...answer]));
  expect(kept(['Cache-Control', 'public, max-age=60'])).toEqual(['JD214']);
  expect(kept(['Cache-Control', 'max-age=60'], ['Vary', 'Accept, Origin'])).toEqual([]);
  expect(kept(['Cache-Control', 'no-store, max-age=60'])).toEqual([]);
  expect(kept(['Cache-Control', 'max-age=0, must-revalidate'])).toEqual([]);
  expect(kept(['ETag', '"1"'])).toEqual([]);
});

test('what is set up for the whole backend is one finding, what one path does is one for the path', () => {
  const subjects = (answer: HeaderPairs, status: number) =>
    ['/items/1/', '/items/2/', '/users/6f9619ff-8b86-d011-b42d-00cf4fc964ff/'].map(
      (path) => createTraffic().call('GET', path, { answer, status })[0]?.subject,
    );
  const header = 'access-control-allow-origin';
  expect(subjects([], 200)).toEqual([header, header, header]);
  expect(subjects([], 500)).toEqual(['GET /items/:id/', 'GET /items/:id/', 'GET /users/:id/']);
});

test('reports that the browser sends by itself are nobody’s mistake', () => {
  const request = [
    ['origin', 'https://example.com'],
    ['sec-fetch-site', 'same-site'],
    ['sec-fetch-mode', 'cors'],
    ['sec-fetch-dest', 'report'],
  ] as const;
  expect(createTraffic().raw('POST', 'https://api.example.com/csp/', { request })).toEqual([]);
});
