import { expect, test } from 'vitest';
import type { CheckStep } from '../../../../src/browser-check/types.ts';
import { fromCheck, fromTable, fromTraffic } from '../../../../src/environment/verify/convert.ts';
import {
  findingsOfClient,
  joinFindings,
  reasonOf,
} from '../../../../src/environment/verify/join-findings.ts';
import type { ClientRun } from '../../../../src/environment/verify/types.ts';
import { describeFinding } from '../../../../src/verdicts/findings/format.ts';

const run = (said: string, ...steps: readonly CheckStep[]): ClientRun => ({ version: '1.0', steps, said });
const step = (status: CheckStep['status'], detail: string): CheckStep => ({
  id: 'login',
  title: 'login',
  status,
  detail,
  ms: 1,
});
const check = {
  title: 'The names lead to this machine',
  severity: 'error',
  remedy: null,
  docs: 'README.md#hosts',
} as const;
const lost = {
  ...check,
  id: 'N1',
  status: 'fail',
  evidence: ['api.example.com does not resolve (ENOTFOUND)'],
  cause: 'Browsers and programs do not find these names on this machine.',
  fix: 'jwt-dev hosts --apply',
} as const;

test('one fault that doctor, a client and the traffic saw is one finding, with all that was seen', () => {
  const [finding, ...more] = joinFindings([
    ...fromCheck(lost),
    ...findingsOfClient('curl', run('curl: (6) Could not resolve host: api.example.com')),
    ...findingsOfClient('node', run('Error: getaddrinfo ENOTFOUND api.example.com')),
  ]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    code: 'JD501',
    severity: 'error',
    cause: lost.cause,
    seenBy: ['doctor N1', 'curl', 'node'],
  });
  expect(finding?.evidence).toHaveLength(3);
  expect(finding?.fixes[0]).toEqual({ place: 'terminal', text: 'jwt-dev hosts --apply' });
  expect(finding?.fixes.filter(({ text }) => text === 'jwt-dev hosts --apply')).toHaveLength(1);
});

test('what keeps everybody out comes before its consequences, and errors before warnings', () => {
  const codes = ['JD405', 'JD303', 'JD404', 'JD501', 'JD203', 'JD450'] as const;
  const joined = joinFindings(codes.map((code) => fromTable(code, [code], 'session')));
  expect(joined.map(({ code }) => code)).toEqual(['JD501', 'JD303', 'JD203', 'JD450', 'JD404', 'JD405']);
});

test('a check that is content is no finding, and a cookie without Secure is an error', () => {
  expect(fromCheck({ ...lost, status: 'ok', severity: 'info' })).toEqual([]);
  const weak = (line: string) =>
    fromCheck({
      ...check,
      id: 'K1',
      status: 'warn',
      severity: 'warning',
      evidence: [line],
      cause: '',
      fix: '',
    });
  expect(weak('jwt-access-token without Secure: it goes out over plain http too')).toMatchObject([
    { code: 'K1', severity: 'error' },
  ]);
  expect(weak('jwt-access-token outlives its token by 90 s')).toMatchObject([{ severity: 'warning' }]);
});

test('a check that names a code in its cause is that finding', () => {
  const logout = { ...lost, id: 'K5', cause: 'The deletion does not name the cookie. (JD404)' };
  expect(fromCheck(logout)).toMatchObject([{ code: 'JD404', seenBy: ['doctor K5'] }]);
});

test('clocks that differ are an error here, wherever they were seen', () => {
  const at = Date.UTC(2026, 0, 1);
  const seen = {
    code: 'JD450',
    evidence: '600 s',
    subject: 'Date',
    host: 'api.example.com',
    exchanges: [],
    at,
  } as const;
  expect(fromTraffic(describeFinding(seen))).toMatchObject({
    severity: 'error',
    evidence: ['api.example.com: 600 s'],
  });
});

test('whoever got no answer failed for the way, whatever it says itself', () => {
  const said = 'curl: (60) SSL certificate problem: unable to get local issuer certificate';
  const own = findingsOfClient('curl', run(said));
  const elsewhere = joinFindings([...fromCheck(lost), ...own]);
  expect(reasonOf('curl', run(said, step('fail', said)), own, elsewhere)).toBe(
    `JD501 a name does not lead here: ${said}`,
  );
  expect(reasonOf('curl', run(said, step('fail', said)), own, joinFindings(own))).toMatch(
    /^JD303 .*: curl: \(60\)/,
  );
});

test('words that mean nothing to us get the first error that was found; without one they stand alone', () => {
  const said = 'POST login/ answered 502 instead of 200';
  const dead = joinFindings([fromTable('JD603', ['nothing listens'], 'traffic')]);
  expect(reasonOf('curl', run(said, step('fail', said)), [], dead)).toMatch(/^JD603 .*answered 502/);
  expect(reasonOf('curl', run('it broke'), [], [])).toBe('it broke');
});

test('a step of the check page that names its finding is that finding', () => {
  const refused = { ...step('fail', 'no cookie came'), code: 'JD441' };
  expect(findingsOfClient('chromium', run('login: no cookie came', refused))).toMatchObject([
    { code: 'JD441', seenBy: ['chromium'], evidence: ['chromium: login: no cookie came'] },
  ]);
  expect(findingsOfClient('chromium', run('', step('pass', '200')))).toEqual([]);
});

test('a client is given no reason that cannot be its own', () => {
  const said = 'GET user/ answered 200 instead of 401';
  const entered = run(said, step('pass', '200'), { ...step('fail', said), id: 'user-after-logout' });
  const nobody = fromCheck({ ...lost, id: 'K1', cause: 'Nobody was logged in.' });
  const cors = joinFindings([fromTable('JD206', ['absent'], 'traffic'), ...nobody]);
  expect(reasonOf('chromium', entered, [], cors)).toMatch(/^JD206 /);
  expect(reasonOf('node', entered, [], cors)).toBe(said);
  const refused = 'POST login/ answered 400 instead of 200';
  expect(reasonOf('node', run(refused, step('fail', refused)), [], cors)).toBe(
    `K1 nobody was logged in: ${refused}`,
  );
});

test('an error of ours is one finding, in its own sentence', () => {
  const body =
    '{"error":{"code":"ERR_UPSTREAM_UNREACHABLE","message":"Nothing answers at port 8000 (ECONNREFUSED).","hint":"x"}}';
  const said = `POST login/ answered 502 instead of 200: ${body}`;
  const own = findingsOfClient('curl', run(said, step('fail', said)));
  expect(own.map(({ code }) => code)).toEqual(['JD603']);
  expect(reasonOf('curl', run(said, step('fail', said)), own, own)).toBe(
    'JD603 the server behind the proxy does not answer: POST login/ answered 502 instead of 200: Nothing answers at port 8000 (ECONNREFUSED). (ERR_UPSTREAM_UNREACHABLE)',
  );
});

test('a check without a code is headed by what was found, not by what should be so', () => {
  const named = {
    ...lost,
    id: 'K1',
    title: 'The login sets both cookies',
    cause: 'The tokens are not in jwt-dev.config.json cookies. A framework may leave them out.',
    fix: "Django: REST_AUTH = {'USE_JWT': True}",
  };
  expect(fromCheck(named)).toMatchObject([
    {
      name: 'the-login-sets-both-cookies',
      title: 'the tokens are not in jwt-dev.config.json cookies',
      cause: 'A framework may leave them out.',
      fixes: [{ place: 'backend' }],
    },
  ]);
  expect(fromCheck({ ...named, cause: 'Nobody was logged in.' })).toMatchObject([
    { title: 'nobody was logged in', cause: '' },
  ]);
});

test('a page’s word for any failure is left out where CORS is known to be it', () => {
  const said = 'NetworkError when attempting to fetch resource. That is CORS.';
  const vague = findingsOfClient('firefox', run(said));
  expect(joinFindings(vague)).toMatchObject([{ code: null, name: 'failed-to-fetch' }]);
  const cors = fromTable('JD206', ['absent'], 'traffic');
  expect(joinFindings([...vague, cors]).map(({ code }) => code)).toEqual(['JD206']);
});
