import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Mail, User } from '../../src/auth/store/types.ts';
import type { InstanceFacts } from '../../src/control/types.ts';
import {
  type EnvironmentControlDeps,
  environmentRoutes,
  openEnvironmentControl,
} from '../../src/environment/control.ts';
import { pageRoutes } from '../../src/environment/inspector/page-files.ts';
import { standInInspector } from '../helpers/control-inspector.ts';
import { connectTo, raw, readToEnd } from '../helpers/control-requests.ts';
import { configOf } from '../helpers/doctor-facts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const SECRET = 'dQw4w9WgXcQ-only-for-the-owner_0123456789';
/** Stands in everything that somebody could want to know. */
const MARK = 'something-about-the-user';
const ports = {
  platform: 'linux',
  run: () => Promise.reject(new Error('no command is run here')),
  procRoot: '/proc',
} as const;
const bearer = { authorization: `Bearer ${SECRET}` };

const user = {
  id: 7,
  username: MARK,
  email: `${MARK}@example.com`,
  emailVerified: true,
  passwordHash: `scrypt$${MARK}`,
  isActive: true,
  joinedAt: 0,
} as User;

function deps(changes: Partial<EnvironmentControlDeps> = {}) {
  const errors: unknown[] = [];
  const changed: string[] = [];
  const seen = standInInspector(MARK);
  const mail = { id: 1, to: MARK, subject: MARK, sentAt: 0 } as Mail;
  const given: EnvironmentControlDeps = {
    secret: SECRET,
    facts: { version: MARK, api: MARK, users: [{ username: MARK }] } as unknown as InstanceFacts,
    health: async () => ({ ok: true, checks: [] }),
    stop: () => changed.push('stop'),
    store: {
      listMail: async () => [mail],
      clearMail: async () => void changed.push('clear mail'),
      listUsers: async () => [user],
    },
    watch: {
      findings: async () => ({ findings: [], skipped: 0 }),
      clear: async () => void changed.push('clear findings'),
    },
    inspector: seen.inspector,
    auth: configOf().auth,
    now: () => new Date('2026-06-01T12:00:00Z'),
    ports,
    onError: (error) => errors.push(error),
    ...changes,
  };
  return { given, seen, errors, changed };
}

async function control(changes: Partial<EnvironmentControlDeps> = {}) {
  const parts = deps(changes);
  const server = await openEnvironmentControl(parts.given);
  onTestFinished(() => server.close());
  return { ...parts, url: server.url };
}

test('findings that are cleared are cleared on the rows too, once the watch has forgotten them', async () => {
  const { url, seen, changed } = await control();
  const answer = await fetch(`${url}/findings`, { method: 'DELETE', headers: bearer });
  expect(answer.status).toBe(200);
  expect(changed).toEqual(['clear findings']);
  expect(seen.asked).toEqual(['clear findings']);
});

const routes = environmentRoutes(deps().given);
const OPEN = routes.filter(({ open }) => open === true).map(({ path }) => path);

test('open to everybody are the files of the page and the health, and nothing else', () => {
  expect(OPEN.sort()).toEqual(['/', '/favicon.svg', '/health', '/inspector.css', '/inspector.js']);
});

test('nobody learns or changes anything without the secret, on whatever route, method and header', async () => {
  const { url, seen, errors, changed } = await control();
  const { host } = new URL(url);
  const guarded = fc.constantFrom(...routes.filter(({ path }) => !OPEN.includes(path)));
  const disguise = fc.oneof(
    { weight: 8, arbitrary: fc.constant((path: string) => path) },
    fc.constantFrom(
      (path: string) => `/${path}`,
      (path: string) => `${path}/`,
      (path: string) => `/x/..${path}`,
      (path: string) => path.replace('i', '%69'),
      (path: string) => path.toUpperCase(),
      (path: string) => `http://${host}${path}`,
    ),
  );
  const queries = fc.constantFrom(
    '',
    '?reveal=1',
    '?id=x1&reveal=1',
    `?secret=${SECRET}`,
    `?access_token=${SECRET}`,
  );
  const headers = fc.record(
    {
      host: fc.constantFrom(host, `localhost:${new URL(url).port}`, 'example.com', 'evil.test'),
      origin: fc.constantFrom(url, 'null', 'https://example.com', 'http://evil.test'),
      'sec-fetch-site': fc.constantFrom('same-origin', 'same-site', 'cross-site', 'none'),
      'sec-fetch-mode': fc.constantFrom('navigate', 'cors', 'no-cors'),
      'sec-fetch-dest': fc.constantFrom('document', 'iframe', 'empty'),
      authorization: fc.constantFrom(
        '',
        'Bearer',
        `Basic ${SECRET}`,
        SECRET,
        `Bearer ${SECRET.slice(0, -1)}`,
        `Bearer ${SECRET}x`,
      ),
      cookie: fc.constantFrom(`secret=${SECRET}`, `authorization=Bearer ${SECRET}`),
      referer: fc.constant(`${url}/#${SECRET}`),
      'x-forwarded-host': fc.constant(host),
      'x-http-method-override': fc.constantFrom('GET', 'DELETE'),
      'content-type': fc.constantFrom('application/json', 'text/plain'),
    },
    { requiredKeys: [] },
  );
  const methods = fc.option(
    fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'TRACE'),
  );
  const plausible = fc.record({ authorization: headers.map(({ authorization = '' }) => authorization) });
  await fc.assert(
    fc.asyncProperty(guarded, disguise, queries, methods, fc.oneof(headers, plausible), async (...given) => {
      const [route, disguised, query, otherMethod, sent] = given;
      const path = `${disguised(route.path)}${query}`;
      const answer = await raw(url, { path, method: otherMethod ?? route.method, headers: sent });
      expect([401, 403, 404, 405]).toContain(answer.status);
      const said = JSON.stringify(answer);
      expect(said).not.toContain(MARK);
      expect(said).not.toContain(SECRET.slice(0, 12));
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect([seen.asked, changed, errors]).toEqual([[], [], []]);
});

test('with the secret each of them answers, and no password’s hash is among it', async () => {
  const { url, seen, errors } = await control();
  const ask = async (path: string) => {
    const { status, body } = await raw(url + path, { headers: bearer });
    return { status, body: JSON.parse(body) as unknown };
  };
  expect(await ask('/inspector/overview')).toEqual({
    status: 200,
    body: {
      version: MARK,
      api: MARK,
      users: [{ username: MARK }],
      auth: { basePath: '/auth/' },
      accessCookie: 'jwt-access-token',
      refreshCookie: 'jwt-refresh-token',
      now: '2026-06-01T12:00:00.000Z',
      capacity: 10,
      kept: 1,
      dropped: 0,
      missed: 0,
      last: 1,
      looked: 1,
    },
  });
  expect(await ask('/inspector/users')).toEqual({
    status: 200,
    body: {
      users: [
        {
          id: 7,
          username: MARK,
          email: `${MARK}@example.com`,
          isActive: true,
          verified: true,
          createdAt: '1970-01-01T00:00:00.000Z',
        },
      ],
    },
  });
  expect(await ask('/inspector/exchanges')).toMatchObject({ status: 200, body: { last: 0 } });
  expect(await ask('/inspector/exchanges?after=12&limit=34')).toMatchObject({ status: 200 });
  expect(await ask('/inspector/exchange?id=x1')).toMatchObject({ status: 200, body: { id: 'x1' } });
  expect(await ask('/inspector/exchange?id=x1&reveal=1')).toMatchObject({ status: 200 });
  expect(await ask('/inspector/exchange?id=x2')).toMatchObject({
    status: 404,
    body: { error: { code: 'ERR_NO_EXCHANGE' } },
  });
  expect(await ask('/inspector/jars?reveal=true')).toMatchObject({ status: 200, body: { jars: [{}] } });
  expect(await ask('/inspector/jars?reveal=1')).toMatchObject({ status: 200 });
  for (const query of ['after=-1', 'after=1.5', 'after=', 'limit=2001', 'limit=all', 'after=1e3'])
    expect(await ask(`/inspector/exchanges?${query}`)).toMatchObject({ status: 400 });
  expect(await raw(`${url}/inspector/exchanges`, { method: 'DELETE', headers: bearer })).toMatchObject({
    status: 200,
  });
  expect(seen.asked.filter((what) => what !== 'counts')).toEqual([
    'page 0 2000',
    'page 12 34',
    'detail x1 false',
    'detail x1 true',
    'detail x2 false',
    'jars false',
    'jars true',
    'clear',
  ]);
  expect(errors).toEqual([]);
});

test('what happens comes as events, to whoever knows the secret', async () => {
  const { url, seen } = await control();
  const leave = new AbortController();
  onTestFinished(() => leave.abort());
  expect((await fetch(`${url}/inspector/events`)).status).toBe(401);
  const response = await fetch(`${url}/inspector/events`, { headers: bearer, signal: leave.signal });
  seen.send({ type: 'mail' });
  const { value } = (await response.body?.pipeThrough(new TextDecoderStream()).getReader().read()) ?? {};
  expect(value).toBe('data: {"type":"mail"}\n\n');
});

test('with a backend of one’s own there are no users and no auth API, which is said', async () => {
  const { url } = await control({ store: null });
  const overview = await raw(`${url}/inspector/overview`, { headers: bearer });
  expect(JSON.parse(overview.body)).toMatchObject({ auth: null });
  const users = await raw(`${url}/inspector/users`, { headers: bearer });
  expect([users.status, JSON.parse(users.body)]).toMatchObject([404, { error: { code: 'ERR_NO_USERS' } }]);
});

test('switched off, it is not there', async () => {
  const { url } = await control({ inspector: null });
  for (const path of ['/', '/inspector.js', '/favicon.svg', '/inspector/overview', '/inspector/try']) {
    expect((await raw(url + path)).status).toBe(401);
    expect((await raw(url + path, { headers: bearer })).status).toBe(404);
  }
});

test('the page runs its own script only, is shown by nobody else and holds no secret', async () => {
  const { url } = await control();
  const { status, headers, body } = await raw(url);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  for (const part of [body, JSON.stringify(headers)]) {
    expect(part).not.toContain(SECRET.slice(0, 12));
    expect(part).not.toContain(MARK);
  }
  const json = await raw(`${url}/inspector/overview`, { headers: bearer });
  expect(json.headers).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
});

test('another path that looks like the page is not the page', async () => {
  const { url } = await control();
  for (const path of ['//', '//evil.test', '/index.html', '/?x', '/%2f', '/../', '/inspector.js/', '*'])
    expect((await raw(url, { path, method: 'GET' })).status).toBe(path === '/?x' ? 200 : 401);
});

test('a part that is missing is a failure with the way to mend it', async () => {
  const empty = pathToFileURL(`${await tempDir()}/`);
  const { url, errors } = await control({ inspector: null, moreRoutes: pageRoutes(empty) });
  for (const path of OPEN.filter((each) => each !== '/health'))
    expect(await raw(url + path)).toMatchObject({ status: 500 });
  expect(errors).toHaveLength(4);
  for (const error of errors)
    expect(error).toMatchObject({ code: 'ERR_FILE_READ', hint: expect.stringContaining('npm run build') });
});

test('every attempt at a WebSocket is refused, also with the secret', async () => {
  const { url, seen, errors } = await control();
  const { host } = new URL(url);
  for (const path of ['/', '/inspector/events', '/nothing']) {
    for (const more of ['', `Authorization: Bearer ${SECRET}\r\n`, `Origin: ${url}\r\n`]) {
      const socket = await connectTo(url);
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`,
      );
      const answer = await readToEnd(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
      expect(answer).toMatch(/\{"error":\{"code":"ERR_UPGRADE","message":"[^"]+"\}\}\n$/);
    }
  }
  expect([seen.asked, errors]).toEqual([[], []]);
});

test('routes of other parts stand beside them, behind the same door', async () => {
  const answer = vi.fn(async () => ({ status: 201, body: { made: true } }));
  const { url } = await control({ moreRoutes: [{ method: 'POST', path: '/check-runs', answer }] });
  expect((await raw(`${url}/check-runs`, { method: 'POST' })).status).toBe(401);
  const foreign = { ...bearer, origin: 'https://example.com' };
  expect((await raw(`${url}/check-runs`, { method: 'POST', headers: foreign })).status).toBe(403);
  expect(answer).not.toHaveBeenCalled();
  expect((await raw(`${url}/check-runs`, { method: 'POST', headers: bearer })).status).toBe(201);
});
