import { expect, test } from 'vitest';
import { codes, createTraffic, deletion, jwt, START, tokenCookie } from './traffic.ts';

const ACCESS = 'jwt-access-token';
const REFRESH = 'jwt-refresh-token';
const BOTH = [tokenCookie(ACCESS, 'a.b.c', 300, START), tokenCookie(REFRESH, 'd.e.f', 86_400, START)];
const rotated = (n: number): readonly string[] => [tokenCookie(REFRESH, `next.${n}.x`, 86_400, START)];
const gone = [deletion(ACCESS), deletion(REFRESH)];

test.each([
  [400, '{"refresh":["This field is required."]}'],
  [400, '{"refresh":["This field may not be blank."]}'],
  [401, '{"detail":"No valid refresh token found.","code":"token_not_valid"}'],
  [401, '{"error":"Refresh token missing"}'],
])('a refresh with the cookie that answers %i %s does not read it (JD401)', (status, refusal) => {
  const [finding] = createTraffic().call('POST', '/auth/token/refresh/', {
    cookie: `${REFRESH}=d.e.f`,
    status,
    refusal,
  });
  expect(finding).toMatchObject({ code: 'JD401', subject: REFRESH });
});

test('a refresh without the cookie, with an empty one, or with a token that has ended is another matter', () => {
  const missing = { status: 400, refusal: '{"refresh":["This field is required."]}' };
  const traffic = createTraffic();
  traffic.call('POST', '/auth/token/refresh/', missing);
  traffic.call('POST', '/auth/token/refresh/', { ...missing, cookie: `${REFRESH}=""` });
  traffic.wait(60_000);
  traffic.call('POST', '/auth/token/refresh/', {
    cookie: `${REFRESH}=d.e.f`,
    status: 401,
    refusal: '{"detail":"Token is blacklisted","code":"token_not_valid"}',
  });
  expect(traffic.found).toEqual([]);
});

test('a login that sets no refresh cookie (JD402)', () => {
  expect(codes(createTraffic().call('POST', '/auth/login/', { setCookie: BOTH.slice(0, 1) }))).toEqual([
    'JD402',
  ]);
  expect(createTraffic().call('POST', '/auth/login/', { setCookie: BOTH })).toEqual([]);
  expect(createTraffic().call('POST', '/auth/token/refresh/', { setCookie: BOTH.slice(0, 1) })).toEqual([]);
});

const NOT_VALID =
  '{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[]}';

test('a login that fails because of an old cookie says how old (JD403)', () => {
  const old = jwt({ exp: START / 1000 - 7_200 });
  const [finding] = createTraffic().call('POST', '/auth/login/', {
    cookie: `${ACCESS}=${old}`,
    status: 401,
    refusal: NOT_VALID,
  });
  expect(finding?.code).toBe('JD403');
  expect(finding?.evidence).toContain(
    'because of the OLD cookie, not the password: jwt-access-token expired 2 h ago',
  );
});

test('a token that has not expired was signed with another key (JD403)', () => {
  const good = jwt({ exp: START / 1000 + 7_200 });
  const [finding] = createTraffic().call('POST', '/auth/logout/', {
    cookie: `${ACCESS}=${good}`,
    status: 401,
    refusal: NOT_VALID,
  });
  expect(finding?.evidence).toContain('most likely signed with another key');
});

test('what is no JWT is said to be none (JD403)', () => {
  for (const cookie of ['garbage', 'a.b.c', 'a.%%%.c', 'a.bnVsbA.c']) {
    const [finding] = createTraffic().call('POST', '/auth/login/', {
      cookie: `${ACCESS}=${cookie}`,
      status: 401,
      refusal: NOT_VALID,
    });
    expect(finding?.evidence).toContain('is not a JWT that can be read');
  }
});

test('a wrong password that answers 401, and a logout without a session, are in order', () => {
  const cookie = `${ACCESS}=${jwt({ exp: START / 1000 - 7_200 })}`;
  const traffic = createTraffic();
  traffic.call('POST', '/auth/login/', { cookie, status: 401, refusal: '{"error":"Invalid credentials"}' });
  traffic.call('POST', '/auth/login/', {
    cookie,
    status: 401,
    refusal: '{"error":"Invalid username or password"}',
  });
  traffic.call('POST', '/auth/logout/', {
    cookie,
    status: 401,
    refusal: '{"detail":"Authentication credentials were not provided."}',
  });
  traffic.call('POST', '/auth/login/', { status: 401, refusal: NOT_VALID });
  expect(traffic.found).toEqual([]);
});

test('two refreshes at once with one token, and rotation: a race, with the time between them (JD410)', () => {
  const traffic = createTraffic();
  const cookie = `${REFRESH}=one.of.them`;
  traffic.call('POST', '/auth/token/refresh/', { at: START + 1_000, cookie, setCookie: rotated(1) });
  const [finding] = traffic.call('POST', '/auth/token/refresh/', {
    at: START + 1_038,
    cookie,
    status: 401,
    refusal: '{"detail":"Token is blacklisted","code":"token_not_valid"}',
  });
  expect(finding?.code).toBe('JD410');
  expect(finding?.evidence).toContain('used twice, 38 ms apart');
  expect(finding?.evidence).toContain('The answers were 200 and 401');
  expect(finding?.exchanges).toEqual(['x1', 'x2']);
});

test('the loser may be done first (JD410), and then deletes nothing that matters', () => {
  const traffic = createTraffic();
  const cookie = `${REFRESH}=one.of.them`;
  traffic.call('POST', '/auth/token/refresh/', {
    at: START + 1_038,
    durationMs: 1,
    cookie,
    status: 401,
    setCookie: gone,
  });
  const findings = traffic.call('POST', '/auth/token/refresh/', {
    at: START + 1_000,
    durationMs: 90,
    cookie,
    setCookie: rotated(1),
  });
  expect(codes(findings)).toEqual(['JD410']);
});

test('a loser whose 401 clears the cookies of the winner (JD412)', () => {
  const traffic = createTraffic();
  const cookie = `${REFRESH}=one.of.them`;
  traffic.call('POST', '/auth/token/refresh/', { at: START, durationMs: 20, cookie, setCookie: rotated(1) });
  const findings = traffic.call('POST', '/auth/token/refresh/', {
    at: START + 30,
    durationMs: 20,
    cookie,
    status: 401,
    setCookie: gone,
  });
  expect(codes(findings)).toEqual(['JD410', 'JD412']);
  expect(findings[1]?.evidence).toContain('jwt-access-token and jwt-refresh-token');
});

test('without rotation, two refreshes at once hurt nobody', () => {
  const traffic = createTraffic();
  for (let n = 0; n < 2; n += 1) {
    traffic.call('POST', '/auth/token/refresh/', {
      at: START + n * 30,
      cookie: `${REFRESH}=one.of.them`,
      setCookie: [tokenCookie(ACCESS, `a${n}`, 300, START)],
    });
  }
  expect(traffic.found).toEqual([]);
});

test('refreshes of different tokens are different sessions', () => {
  const traffic = createTraffic();
  for (let n = 0; n < 20; n += 1) {
    traffic.call('POST', '/auth/token/refresh/', {
      at: START + n,
      cookie: `${REFRESH}=session.${n}.x`,
      setCookie: rotated(n),
    });
  }
  expect(traffic.found).toEqual([]);
});

test('a refresh that is refused again and again without a new page is a loop (JD411)', () => {
  const traffic = createTraffic();
  const again = () =>
    traffic.call('POST', '/auth/token/refresh/', { cookie: `${REFRESH}=d.e.f`, status: 401 });
  for (let n = 0; n < 4; n += 1) expect(again()).toEqual([]);
  const [finding] = again();
  expect(finding?.code).toBe('JD411');
  expect(finding?.evidence).toMatch(/5 refreshes in \d+ ms, each answered with an error/);
});

test('refresh, 401, refresh, 401, … with ever new tokens is a loop as well (JD411)', () => {
  const traffic = createTraffic();
  let found: readonly string[] = [];
  for (let n = 0; n < 5; n += 1) {
    found = codes(
      traffic.call('POST', '/auth/token/refresh/', {
        cookie: `${REFRESH}=next.${n}.x`,
        setCookie: rotated(n + 1),
      }),
    );
    traffic.call('GET', '/auth/user/', { cookie: `${ACCESS}=a`, status: 401 });
  }
  expect(found).toEqual(['JD411']);
});

test('somebody who reloads a page with a dead session is in no loop', () => {
  const traffic = createTraffic();
  for (let n = 0; n < 20; n += 1) {
    traffic.page();
    traffic.call('POST', '/auth/token/refresh/', { cookie: `${REFRESH}=d.e.f`, status: 401 });
  }
  expect(traffic.found).toEqual([]);
});

test('tokens that live for two seconds are refreshed often, and that is no loop', () => {
  const traffic = createTraffic();
  for (let n = 0; n < 20; n += 1) {
    traffic.call('POST', '/auth/token/refresh/', {
      cookie: `${REFRESH}=next.${n}.x`,
      setCookie: rotated(n + 1),
    });
    traffic.call('GET', '/auth/user/', { cookie: `${ACCESS}=a` });
    traffic.wait(1_600);
    traffic.call('GET', '/auth/user/', { status: 401 });
  }
  expect(traffic.found).toEqual([]);
});
