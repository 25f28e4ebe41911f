import { expect, test } from 'vitest';
import {
  CHROMIUM,
  CORS,
  codes,
  createTraffic,
  deletion,
  type Options,
  START,
  tokenCookie,
} from './traffic.ts';

const ACCESS = 'jwt-access-token';
const REFRESH = 'jwt-refresh-token';
const set = (name: string, extra: string): string =>
  `${name}=v.a.l; Max-Age=300; HttpOnly; Secure; SameSite=Lax${extra}`;

test('a logout that deletes with another Path than the login set (JD404)', () => {
  const traffic = createTraffic();
  traffic.call('POST', '/auth/login/', {
    setCookie: [set(ACCESS, '; Path=/'), set(REFRESH, '; Path=/auth/token/refresh')],
  });
  const [finding, ...others] = traffic.call('POST', '/auth/logout/', {
    setCookie: [deletion(ACCESS), deletion(REFRESH)],
  });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: 'JD404', subject: REFRESH, exchanges: ['x1', 'x2'] });
  expect(finding?.evidence).toContain(
    'tried to delete jwt-refresh-token with Path=/ and no Domain, but it was set with Path=/auth/token/refresh and no Domain',
  );
  expect(finding?.fixes?.[1]?.text).toBe(
    "res.clearCookie('jwt-refresh-token', { path: '/auth/token/refresh' })",
  );
});

test('a logout that forgets the Domain (JD404), and one that has it', () => {
  const login = (traffic = createTraffic()) => {
    traffic.call('POST', '/auth/login/', {
      setCookie: [set(ACCESS, '; Path=/; Domain=example.com'), set(REFRESH, '; Path=/')],
    });
    return traffic;
  };
  const logout = (extra: string): Options => ({
    setCookie: [deletion(ACCESS, '/', extra), deletion(REFRESH)],
  });
  expect(codes(login().call('POST', '/auth/logout/', logout('')))).toEqual(['JD404']);
  expect(login().call('POST', '/auth/logout/', logout('; Domain=.example.com'))).toEqual([]);
});

test('deletions that are in order: in every scope, of what was never set, and beside a new cookie', () => {
  const traffic = createTraffic();
  traffic.call('POST', '/auth/logout/', { setCookie: [deletion(ACCESS), deletion(REFRESH, '/old')] });
  traffic.call('POST', '/auth/login/', { setCookie: [set(ACCESS, '; Path=/app'), set(REFRESH, '; Path=/')] });
  traffic.call('POST', '/auth/logout/', {
    setCookie: [deletion(ACCESS), deletion(ACCESS, '/app'), deletion(REFRESH)],
  });
  traffic.call('POST', '/auth/login/', {
    setCookie: [deletion(ACCESS), set(ACCESS, '; Path=/app'), set(REFRESH, '; Path=/')],
  });
  expect(traffic.found).toEqual([]);
});

test('a cookie that is set for two scopes in turn is left alone', () => {
  const traffic = createTraffic();
  for (const path of ['/', '/app', '/'])
    traffic.call('GET', '/prefs/', { setCookie: [set('theme', `; Path=${path}`)] });
  traffic.call('POST', '/auth/logout/', { setCookie: [deletion('theme', '/app')] });
  expect(traffic.found).toEqual([]);
});

test('the sessionid of a login is still sent after its logout (JD405)', () => {
  const traffic = createTraffic();
  const session = 'sessionid=abc123; Path=/; HttpOnly; SameSite=Lax';
  const cookie = 'sessionid=abc123';
  traffic.call('POST', '/auth/login/', {
    setCookie: [set(ACCESS, '; Path=/'), set(REFRESH, '; Path=/'), session],
  });
  traffic.call('GET', '/auth/user/', { cookie });
  traffic.call('POST', '/auth/logout/', { cookie });
  expect(traffic.call('GET', '/auth/user/', { cookie, status: 401 })).toEqual([]);
  expect(codes(traffic.call('GET', '/auth/user/', { cookie }))).toEqual(['JD405']);
});

test('the session of a visitor, or of somebody else, outlives a logout by right', () => {
  const traffic = createTraffic();
  const cookie = 'sessionid=visitor1';
  traffic.call('GET', '/cart/', { setCookie: ['sessionid=visitor1; Path=/'] });
  traffic.call('POST', '/auth/login/', {
    cookie,
    setCookie: [set(ACCESS, '; Path=/'), set(REFRESH, '; Path=/')],
  });
  traffic.call('POST', '/auth/logout/', { cookie });
  traffic.call('GET', '/cart/', { cookie });
  expect(traffic.found).toEqual([]);
});

test('two cookies of one name in one request (JD420)', () => {
  const [finding] = createTraffic().call('GET', '/auth/user/', {
    cookie: `${ACCESS}=old; theme=x; ${ACCESS}=new`,
  });
  expect(finding).toMatchObject({ code: 'JD420', subject: ACCESS });
  expect(finding?.evidence).not.toMatch(/old;|new/);
});

test('crumbs of HTTP/2 are one field, names differ in letter case, and the frontend has cookies of its own', () => {
  const traffic = createTraffic();
  const crumbs = [
    ['cookie', `${ACCESS}=old`],
    ['cookie', `${ACCESS}=new`],
  ] as const;
  expect(codes(traffic.call('GET', '/auth/user/', { request: crumbs }))).toEqual(['JD420']);
  expect(traffic.call('GET', '/auth/user/', { cookie: 'a=1; A=1; a2=1' })).toEqual([]);
  expect(traffic.page('/', { cookie: '_ga=1; _ga=2' })).toEqual([]);
  expect(codes(traffic.page('/', { cookie: 'csrftoken=1; csrftoken=2' }))).toEqual(['JD420']);
});

test('Django refuses the Origin (JD430)', () => {
  const refusal =
    '{"detail":"CSRF Failed: Origin checking failed - https://example.com does not match any trusted origins."}';
  const [finding] = createTraffic().call('POST', '/items/', { status: 403, refusal });
  expect(finding?.code).toBe('JD430');
  expect(finding?.evidence).toContain('Origin checking failed - https://example.com does not match');
  expect(finding?.fixes).toEqual([
    { place: 'Django', text: "CSRF_TRUSTED_ORIGINS = ['https://example.com']" },
  ]);
});

test('a Referer that Django quotes is cut down to its origin', () => {
  const refusal =
    'Referer checking failed - https://example.com/reset/secret-key?x=1 does not match any trusted origins.';
  const [finding] = createTraffic().call('POST', '/items/', { status: 403, refusal });
  expect(finding?.evidence).toContain('https://example.com/… does not match');
  expect(finding?.evidence).not.toContain('secret-key');
});

test('a 403 for a lack of rights is no CSRF error', () => {
  const refusal = '{"detail":"You do not have permission to perform this action."}';
  expect(createTraffic().call('POST', '/items/', { status: 403, refusal })).toEqual([]);
});

test('the CSRF token is missing, as the page cannot read its cookie (JD431); with a Domain it can (JD430)', () => {
  const ask = (extra: string) => {
    const traffic = createTraffic();
    traffic.call('GET', '/csrf/', { setCookie: [`csrftoken=t; Path=/; Secure; SameSite=Lax${extra}`] });
    const refusal = '{"detail":"CSRF Failed: CSRF token missing."}';
    return codes(traffic.call('POST', '/items/', { cookie: 'csrftoken=t', status: 403, refusal }));
  };
  expect(ask('')).toEqual(['JD431']);
  expect(ask('; Domain=example.com')).toEqual(['JD430']);
});

test.each([
  ['JD440', 'InvalidDomain', 'a=b; Domain=www.example.com'],
  ['JD440', 'InvalidDomain', 'a=b; Domain=com'],
  ['JD441', 'SameSiteNoneInsecure', 'a=b; SameSite=None'],
  ['JD442', 'InvalidPrefix', '__Host-a=b; Secure; Path=/auth'],
  ['JD444', 'NameValuePairExceedsMaxSize', `a=${'x'.repeat(4096)}; Path=/`],
  ['JD446', 'NoCookieContent', '; Path=/'],
  ['JD446', 'PartitionedInsecure', 'a=b; Partitioned'],
] as const)('%s (%s): a line that is refused', (code, reason, line) => {
  const findings = createTraffic().call('GET', '/items/', { setCookie: [line] });
  expect(findings.map((finding) => [finding.code, finding.reason])).toEqual([[code, reason]]);
});

test('Clear-Site-Data refuses what is set beside it (JD446), and does by itself what is deleted beside it', () => {
  const answer = [...CORS, ['Clear-Site-Data', '"cookies"']] as const;
  const asked = (line: string) =>
    createTraffic().call('POST', '/auth/logout/', { answer, setCookie: [line] });
  expect(asked('theme=dark; Path=/; Max-Age=60').map(({ code, reason }) => [code, reason])).toEqual([
    ['JD446', 'SyntaxError'],
  ]);
  expect(asked(`${ACCESS}=; Path=/; Max-Age=0`)).toEqual([]);
});

test('the size is given in bytes (JD444)', () => {
  const [finding] = createTraffic().call('GET', '/items/', {
    setCookie: [`token=${'ü'.repeat(3_000)}; Path=/`],
  });
  expect(finding).toBeUndefined();
  const [larger] = createTraffic().call('GET', '/items/', {
    setCookie: [`${ACCESS}=${'x'.repeat(4_296)}; Path=/`],
  });
  expect(larger?.evidence).toContain('4312 bytes > 4096 (NameValuePairExceedsMaxSize)');
});

test('a Lax cookie for a page of another site (JD445, beside JD101)', () => {
  const request = [
    ['user-agent', CHROMIUM],
    ['origin', 'http://localhost:5173'],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-mode', 'cors'],
    ['sec-fetch-dest', 'empty'],
    ['sec-fetch-storage-access', 'active'],
  ] as const;
  const answer = [...CORS.slice(1), ['Access-Control-Allow-Origin', 'http://localhost:5173']] as const;
  const findings = createTraffic().raw('POST', 'https://api.example.com/auth/login/', {
    request,
    answer,
    setCookie: [tokenCookie(ACCESS, 'a.b.c', 300, START), tokenCookie(REFRESH, 'a.b.c', 300, START)],
  });
  expect(codes(findings)).toEqual(['JD101', 'JD445', 'JD445']);
  expect(findings[1]?.reason).toBe('SchemefulSameSiteLax');
});

test('what a client without sites is given is judged by itself', () => {
  const request = [
    ['user-agent', 'curl/8'],
    ['referer', 'https://other.test/'],
  ] as const;
  expect(
    createTraffic().raw('GET', 'https://api.example.com/', { request, setCookie: [set(ACCESS, '; Path=/')] }),
  ).toEqual([]);
});

test('a Secure cookie over plain http, as a HAR file may show it (JD443)', () => {
  const findings = createTraffic().raw('GET', 'http://api.example.com/', {
    setCookie: [set(ACCESS, '; Path=/')],
  });
  expect(codes(findings)).toEqual(['JD443']);
  expect(findings[0]?.reason).toBe('SecureOnly');
});
