import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../../src/pages/check/session/answer.ts';
import {
  type Asked,
  notAccepted,
  notLoggedIn,
  notRefreshed,
  stillLoggedIn,
  unexpected,
} from '../../../../src/pages/check/session/diagnose.ts';

const sending = (...names: readonly string[]): Asked => ({
  settings: {
    frontend: 'https://shop.test:8443',
    api: 'https://api.shop.test:8443',
    site: 'shop.test',
    basePath: '/auth/',
    accessCookie: 'access',
    refreshCookie: 'refresh',
    bundled: false,
    loginBy: ['username'],
  },
  askApi: async () => ({ cookies: Object.fromEntries(names.map((name) => [name, ''])) }),
});
const answered = (status: number, body: unknown = { detail: 'No.' }): Answer => ({
  kind: 'answered',
  status,
  body,
});
const unreadable = (arrives: boolean): Answer => ({ kind: 'unreadable', said: 'Failed to fetch', arrives });

describe('an answer that nobody hoped for', () => {
  test.each([
    ['one that the page may not read', unreadable(true), undefined, 'That is CORS'],
    ['none', unreadable(false), 'JD603', 'does not answer: Failed to fetch'],
    ['that of the proxy for a dead backend', answered(502), 'JD603', '502'],
    [
      'Django’s for another origin',
      answered(403, { detail: 'CSRF Failed: Origin checking failed - x' }),
      'JD430',
      '403',
    ],
    [
      'Django’s without the CSRF token',
      answered(403, { detail: 'CSRF Failed: CSRF token missing.' }),
      'JD431',
      '403',
    ],
    ['a failure of the backend', answered(500, 'A page of Django'), undefined, '500: A page of Django'],
  ] as const)('%s', (_what, answer, code, detail) => {
    const outcome = unexpected(answer, sending());
    expect(outcome).toMatchObject({ status: 'fail', detail: expect.stringContaining(detail) });
    expect(outcome.code).toBe(code);
    expect(outcome.fix).toBeTruthy();
  });

  test('names the origin that the API has to allow', () => {
    expect(unexpected(unreadable(true), sending()).fix).toContain(
      'Access-Control-Allow-Origin: https://shop.test:8443',
    );
  });

  test('that went well is not shown: it may hold tokens', () => {
    expect(unexpected(answered(204, { access: 'eyJ' }), sending()).detail).not.toContain('eyJ');
  });
});

test.each([
  ['wrong credentials', answered(400), undefined, /jwt-dev verify --login/],
  ['a stale cookie', answered(401, { code: 'token_not_valid' }), 'JD403', /authentication_classes/],
  ['too many tries', answered(429), undefined, /Its text/],
] as const)('a login that is refused for %s', (_why, answer, code, fix) => {
  const outcome = notAccepted(answer, sending());
  expect([outcome.status, outcome.code]).toEqual(['fail', code]);
  expect(outcome.fix).toMatch(fix);
});

test('no user after the login: the cookie did not come, or it was not read', async () => {
  expect((await notLoggedIn(answered(401), sending())).detail).toContain('does not send access');
  expect((await notLoggedIn(answered(403), sending('access'))).detail).toContain(
    'although the browser sends access',
  );
  expect((await notLoggedIn(answered(500), sending('access'))).detail).not.toContain('although');
});

test.each([
  ['the cookie was not set', answered(401), [], 'JD402'],
  ['the cookie is not read', answered(400, { refresh: ['This field is required.'] }), ['refresh'], 'JD401'],
  [
    'the cookie is not read',
    answered(401, { detail: 'No valid refresh token found.' }),
    ['refresh'],
    'JD401',
  ],
  ['the token is not accepted', answered(401, { detail: 'Token is invalid' }), ['refresh'], undefined],
  ['the backend is dead', answered(504), ['refresh'], 'JD603'],
] as const)('no refresh: %s', async (_why, answer, names, code) => {
  const outcome = await notRefreshed(answer, sending(...names));
  expect([outcome.status, outcome.code]).toEqual(['fail', code]);
});

test.each([
  ['the cookies are still there', answered(200), ['access', 'refresh'], 'JD404'],
  ['another session goes on', answered(200), [], 'JD405'],
  ['nothing is known', answered(500), ['access'], undefined],
] as const)('still a user after the logout: %s', async (_why, answer, names, code) => {
  const outcome = await stillLoggedIn(answer, sending(...names));
  expect([outcome.status, outcome.code]).toEqual(['fail', code]);
});
