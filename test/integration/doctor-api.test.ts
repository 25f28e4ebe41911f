import { describe, expect, test } from 'vitest';
import { examine, selectChecks } from '../../src/doctor/examine.ts';
import { probeOverNetwork } from '../../src/doctor/facts/probe.ts';
import type { DoctorWorld, Finding } from '../../src/doctor/types.ts';
import { mapHeader, type Passing, spoil, without } from '../helpers/api-spoiler.ts';
import { PASSWORD, registerAndLogin, startAuth } from '../helpers/auth-api.ts';
import { configOf } from '../helpers/doctor-facts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

type Changes = Parameters<typeof startAuth>[0];

/** `doctor --api` at a backend that is the bundled API with one fault. */
async function look(
  change: (answer: Passing) => void = () => undefined,
  { auth = {}, login = true }: { readonly auth?: Changes; readonly login?: boolean } = {},
) {
  const api = await startAuth(auth);
  await registerAndLogin(api.client(), 'ann');
  const url = await spoil(api.base, change);
  const config = { ...configOf({}), stateDir: await tempDir() };
  const world = {
    config,
    instance: 'default',
    typed: 'jwt-dev',
    api: { url, login: login ? { user: 'ann', password: PASSWORD } : null },
    probe: probeOverNetwork,
    now: () => new Date(),
  } as unknown as DoctorWorld;
  const findings = await examine(world, selectChecks(null, true));
  const of = (id: string): Finding | undefined => findings.find((finding) => finding.id === id);
  return {
    findings,
    of,
    wrong: findings.filter(({ status }) => status !== 'ok').map(({ id, status }) => `${id} ${status}`),
    text: JSON.stringify(findings),
  };
}

test('the bundled API passes every check', async () => {
  const { findings, wrong } = await look();
  expect(wrong).toEqual([]);
  expect(findings.map(({ id }) => id)).toEqual('C1 C2 C3 C4 C5 K1 K2 K3 K4 K5 K6 K7 K8 K10'.split(' '));
});

test('with CSRF tokens and a cookie domain it passes too', async () => {
  const { wrong, of } = await look(undefined, { auth: { csrf: true, cookies: { domain: 'example.com' } } });
  expect(wrong).toEqual([]);
  expect(of('K8')?.evidence).toEqual(['a CSRF token is asked for, and the page can read it']);
});

test('as dj-rest-auth behaves, an old cookie stops the login, and one of two refreshes loses', async () => {
  const { wrong } = await look(undefined, { auth: { compat: 'strict', tokens: { reuse: 'strict' } } });
  expect(wrong).toEqual(expect.arrayContaining(['K4 warn', 'K6 warn']));
  expect(wrong.filter((each) => each.endsWith('fail'))).toEqual([]);
});

test('without a login the session is not checked', async () => {
  const { of, findings } = await look(undefined, { login: false });
  expect(of('K1')).toMatchObject({ status: 'skip', evidence: ['no login was named: --login user:password'] });
  expect(findings.filter(({ status }) => status === 'ok')).toHaveLength(5);
});

test('no token and no password is in what is reported', async () => {
  const { text } = await look((answer) => {
    if (answer.path === '/auth/logout/') answer.headers = without(answer.headers, 'set-cookie');
  });
  expect(text).not.toMatch(/eyJ[\w-]+\.eyJ/);
  expect(text).not.toContain(PASSWORD);
});

const ACAO = 'Access-Control-Allow-Origin';
const isOptions = ({ method }: Passing): boolean => method === 'OPTIONS';

describe('a backend with a fault', () => {
  test.each<[string, string, 'warn' | 'fail', (answer: Passing) => void, RegExp]>([
    [
      'answers preflights with 401',
      'C1',
      'fail',
      (a) => isOptions(a) && (a.status = 401),
      /PreflightInvalidStatus/,
    ],
    [
      'does not allow x-csrftoken',
      'C1',
      'fail',
      (a) => mapHeader(a, 'access-control-allow-headers', () => 'content-type'),
      /HeaderDisallowedByPreflightResponse/,
    ],
    [
      'does not allow PATCH',
      'C1',
      'fail',
      (a) => mapHeader(a, 'access-control-allow-methods', () => 'GET, POST'),
      /MethodDisallowedByPreflightResponse/,
    ],
    [
      'redirects to the final slash',
      'C2',
      'warn',
      (a) => {
        if (a.path !== '/auth/login') return;
        a.status = 301;
        a.headers.push(['Location', '/auth/login/']);
      },
      /POST \/auth\/login: 301 to \/auth\/login\//,
    ],
    [
      'leaves CORS out on errors',
      'C3',
      'fail',
      (a) => {
        if (a.status >= 400) a.headers = without(a.headers, ACAO);
      },
      /MissingAllowOriginHeader/,
    ],
    [
      'allows an origin with a final slash',
      'C3',
      'fail',
      (a) => mapHeader(a, ACAO, (value) => `${value}/`),
      /AllowOriginMismatch/,
    ],
    [
      'sends the header twice',
      'C4',
      'fail',
      (a) => a.headers.push([ACAO, 'https://example.com']),
      /2 of them/,
    ],
    ['forgets Vary', 'C4', 'warn', (a) => void (a.headers = without(a.headers, 'vary')), /no Vary: Origin/],
    [
      'allows whoever asks',
      'C5',
      'fail',
      (a) => {
        a.headers = without(without(a.headers, ACAO), 'access-control-allow-credentials');
        a.headers.push([ACAO, a.requestHeaders.origin ?? '*'], ['Access-Control-Allow-Credentials', 'true']);
        if (!isOptions(a)) return;
        a.status = 200;
        a.headers.push(['Access-Control-Allow-Headers', 'content-type,x-csrftoken']);
      },
      /attacker\.test/,
    ],
    [
      'sets cookies for another domain',
      'K1',
      'fail',
      (a) => mapHeader(a, 'set-cookie', (value) => `${value}; Domain=other.test`),
      /InvalidDomain/,
    ],
    [
      'sets no refresh cookie',
      'K1',
      'fail',
      (a) => void (a.headers = a.headers.filter(([, value]) => !value.startsWith('jwt-refresh-token'))),
      /no cookie jwt-refresh-token/,
    ],
    [
      'sets cookies that scripts can read',
      'K1',
      'warn',
      (a) => mapHeader(a, 'set-cookie', (value) => value.replace(/; HttpOnly/i, '')),
      /without HttpOnly/,
    ],
    [
      'lets cookies outlive their tokens',
      'K1',
      'warn',
      (a) => mapHeader(a, 'set-cookie', (v) => (/Max-Age=0/i.test(v) ? v : `${v}; Max-Age=999999`)),
      /outlives its token/,
    ],
    [
      'refreshes only from the body',
      'K2',
      'fail',
      (a) => {
        if (a.path !== '/auth/token/refresh/' || isOptions(a)) return;
        a.status = 400;
        a.headers = without(a.headers, 'set-cookie');
        a.body = '{"refresh":["This field is required."]}';
      },
      /400 with the cookie/,
    ],
    [
      'keeps the refresh cookie from the logout',
      'K3',
      'warn',
      (a) =>
        mapHeader(a, 'set-cookie', (value) =>
          value.startsWith('jwt-refresh') ? value.replace(/Path=\//i, 'Path=/auth/token/') : value,
        ),
      /Path=\/auth\/token/,
    ],
    [
      'deletes cookies of another path',
      'K5',
      'fail',
      (a) => {
        if (a.path === '/auth/logout/')
          mapHeader(a, 'set-cookie', (v) => v.replace(/Path=\//i, 'Path=/auth/'));
      },
      /jwt-access-token is still there/,
    ],
    [
      'has an own code for a bad token',
      'K7',
      'warn',
      (a) => void (a.body = a.body.replaceAll('token_not_valid', 'bad')),
      /GET \/auth\/user\/: 401/,
    ],
    [
      'believes that it is asked over http',
      'K10',
      'fail',
      (a) => {
        if (a.path === '/auth/user/') a.body = '{"url":"http://api.example.com/users/1/"}';
      },
      /links to http:\/\/api\.example\.com\//,
    ],
  ])('that %s', async (_, id, status, change, evidence) => {
    const { of } = await look(change);
    const finding = of(id);
    expect(finding).toMatchObject({ id, status, docs: 'README.md#check-your-own-backend' });
    expect(finding?.evidence.join('\n')).toMatch(evidence);
    expect(finding?.cause).not.toBeNull();
    expect(finding?.fix).not.toBeNull();
  });

  test('that clears the cookies of whoever lost a refresh, and one with a token that scripts cannot read', async () => {
    let refreshed = 0;
    const race = await look((a) => {
      if (a.path !== '/auth/token/refresh/' || isOptions(a) || a.status !== 200) return;
      refreshed += 1;
      // Two of one session after each other, then the two at once.
      if (refreshed < 4) return;
      a.status = 401;
      a.headers = [
        ...without(a.headers, 'set-cookie'),
        ['Set-Cookie', 'jwt-refresh-token=; Max-Age=0; Path=/; Secure; HttpOnly'],
      ];
    });
    expect(race.of('K6')?.status).toBe('fail');
    const csrf = await look((a) => mapHeader(a, 'set-cookie', (v) => v.replace(/; Domain=[^;]*/i, '')), {
      auth: { csrf: true },
    });
    expect(csrf.of('K8')).toMatchObject({ status: 'fail' });
  });

  test('that keeps a session beside the tokens', async () => {
    const { of } = await look((a) => {
      if (a.path === '/auth/login/' && a.status === 200 && !isOptions(a))
        a.headers.push(['Set-Cookie', 'sessionid=abc; Path=/; Secure; HttpOnly']);
      if (a.path === '/auth/user/' && a.method === 'GET' && /sessionid=/.test(a.requestHeaders.cookie ?? ''))
        a.status = 200;
    });
    expect(of('K5')).toMatchObject({ status: 'fail' });
    expect(of('K5')?.evidence.join()).toContain('sessionid');
  });

  test('that nobody can reach', async () => {
    const world = {
      config: { ...configOf({}), stateDir: await tempDir() },
      instance: 'default',
      typed: 'jwt-dev',
      api: { url: 'http://127.0.0.1:1', login: { user: 'ann', password: 'secret' } },
      probe: probeOverNetwork,
      now: () => new Date(),
    } as unknown as DoctorWorld;
    const [first, ...rest] = await examine(world, selectChecks(null, true));
    expect(first).toMatchObject({ status: 'fail', evidence: ['POST /auth/login/: ECONNREFUSED'] });
    expect(rest.some(({ status }) => status === 'fail')).toBe(true);
  });
});
