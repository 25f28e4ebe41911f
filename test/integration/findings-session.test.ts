import { mkdtemp, rm } from 'node:fs/promises';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { StoredFinding } from '../../src/environment/watch/finding-store.ts';
import { launchChromium } from '../helpers/browser.ts';
import { type FindingsEnvironment, startFindings } from '../helpers/findings-environment.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';

// A real Chromium logs in, refreshes and logs out at backends that make the known mistakes.

interface Reply {
  readonly status?: number;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Backend = (request: IncomingMessage) => Reply | Promise<Reply>;

let dir: string;
let browser: Browser;
let page: Page;
let environment: FindingsEnvironment;
let backend: Backend;
let frontend: RequestListener;
/** Of answers to preflights, instead of what is in order. */
let preflight: Reply;

const ACCESS = 'jwt-access-token';
const REFRESH = 'jwt-refresh-token';
const set = (name: string, value: string, more = 'Path=/'): string =>
  `${name}=${value}; Max-Age=300; HttpOnly; SameSite=Lax; Secure; ${more}`;
const remove = (name: string, more = 'Path=/'): string => `${name}=""; Max-Age=0; SameSite=Lax; ${more}`;
let login: Reply;
let sessions = 0;

const html: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>');
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isPreflight = request.method === 'OPTIONS';
  const {
    status = 200,
    cookies = [],
    body = {},
    headers = {},
  } = isPreflight ? preflight : await backend(request);
  response.setHeader('access-control-allow-origin', request.headers.origin ?? environment.frontend);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('vary', 'Origin');
  response.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(status).end(JSON.stringify(body));
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-findings-'));
  environment = await startFindings({
    dir,
    frontend: (request, response) => frontend(request, response),
    api: (request, response) => void answer(request, response),
  });
  browser = await launchChromium(dir, environment.caFile, ['example.com', 'api.example.com']);
});

afterAll(async () => {
  await browser.close();
  await environment.close();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  sessions += 1;
  login = { cookies: [set(ACCESS, `a.b.${sessions}`), set(REFRESH, `d.e.${sessions}`)] };
  frontend = html;
  preflight = {};
  // A browser of its own, by its name: what one has seen says nothing of the next.
  const context = await browser.newContext({ userAgent: `Mozilla/5.0 Chrome/156.0.0.0 test/${sessions}` });
  page = await context.newPage();
  await page.goto(environment.frontend);
});

afterEach(async () => {
  await page.context().close();
  await environment.take();
});

/** `POST /auth/login/`, for example, by a fetch in the page; the status. */
function call(what: string, credentials = 'include'): Promise<number> {
  const [method = '', where = ''] = what.split(' ');
  return page.evaluate(
    `fetch('${environment.api}${where}', { method: '${method}', credentials: '${credentials}' }).then((answer) => answer.status)`,
  );
}

/** All findings, once the awaited one is among them: an exchange may be told a moment after the page has its answer. */
async function found(awaited: string): Promise<readonly StoredFinding[]> {
  const all: StoredFinding[] = [];
  await vi.waitFor(
    async () => {
      all.push(...(await environment.take()));
      expect(all.map(({ code }) => code)).toContain(awaited);
    },
    { timeout: 10_000 },
  );
  return all;
}

/** Calls until the code is found, and nothing but it: the proxy may be done with an answer later than the page. */
async function repeat(what: string, awaited: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await call(what);
      expect(codesOf(await environment.take())).toEqual([awaited]);
    },
    { timeout: 20_000, interval: 10 },
  );
}

const codesOf = (findings: readonly StoredFinding[]): readonly string[] => findings.map(({ code }) => code);

test('JD102: a login without credentials, whose cookies the browser throws away', async () => {
  backend = () => login;
  expect(await call('POST /auth/login/', 'same-origin')).toBe(200);
  const cookies = await page.context().cookies(environment.api);
  expect(cookies.map(({ name }) => name)).toEqual(['__jwtdev']);
  const findings = await found('JD102');
  expect(codesOf(findings)).toEqual(['JD102']);
  expect(findings[0]?.evidence).toContain('with 2 Set-Cookies, but the request was sent without credentials');
});

test('JD102: a call without credentials after a login with them', async () => {
  backend = (request) =>
    request.headers.cookie === undefined && request.method === 'GET' ? { status: 401 } : login;
  await call('POST /auth/login/');
  expect(await call('GET /auth/user/', 'same-origin')).toBe(401);
  expect(codesOf(await found('JD102'))).toEqual(['JD102']);
});

test('cookies that were cleared by hand are no missing credentials', async () => {
  backend = () => login;
  await call('POST /auth/login/');
  await page.context().clearCookies();
  await call('POST /auth/login/');
  expect(await environment.take()).toEqual([]);
});

test('JD201: a preflight with nothing but the wildcard, asked for again as no request followed', async () => {
  preflight = { headers: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'no' } };
  const login = `fetch('${environment.api}/auth/login/', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' }).catch((error) => error.message)`;
  const all: StoredFinding[] = [];
  await vi.waitFor(
    async () => {
      expect(await page.evaluate(login)).toBe('Failed to fetch');
      all.push(...(await environment.take()));
      expect(codesOf(all)).toContain('JD201');
    },
    { timeout: 20_000, interval: 500 },
  );
  expect(new Set(codesOf(all))).toEqual(new Set(['JD201']));
  expect(all[0]?.evidence).toMatch(/No request followed\.$/);
});

test('JD401: a refresh whose view reads only the body', async () => {
  backend = ({ url }) =>
    url === '/auth/login/' ? login : { status: 400, body: { refresh: ['This field is required.'] } };
  await call('POST /auth/login/');
  expect(await call('POST /auth/token/refresh/')).toBe(400);
  expect(codesOf(await found('JD401'))).toEqual(['JD401']);
});

test('JD402: a login without a refresh cookie', async () => {
  backend = () => ({ cookies: [set(ACCESS, 'a.b.c')], body: { refresh: '' } });
  await call('POST /auth/login/');
  expect(codesOf(await found('JD402'))).toEqual(['JD402']);
});

test('JD403: an old cookie makes the login fail', async () => {
  const old = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) - 7_200 })).toString(
    'base64url',
  );
  backend = ({ headers }) =>
    headers.cookie === undefined
      ? { cookies: [set(ACCESS, `eyJhbGciOiJIUzI1NiJ9.${old}.c2ln`), set(REFRESH, `d.e.${sessions}`)] }
      : {
          status: 401,
          body: { detail: 'Given token not valid for any token type', code: 'token_not_valid', messages: [] },
        };
  await call('POST /auth/login/');
  expect(await call('POST /auth/login/')).toBe(401);
  const [finding] = await found('JD403');
  expect(finding?.evidence).toContain('jwt-access-token expired 2 h ago');
});

test('JD404: a logout that misses the Path, and the cookie that stays', async () => {
  backend = ({ url }) =>
    url === '/auth/login/'
      ? { cookies: [set(ACCESS, 'a.b.c'), set(REFRESH, `d.e.${sessions}`, 'Path=/auth/token/refresh')] }
      : { cookies: [remove(ACCESS), remove(REFRESH)] };
  await call('POST /auth/login/');
  await call('POST /auth/logout/');
  const [finding, ...others] = await found('JD404');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: 'JD404', subject: REFRESH });
  const left = await page.context().cookies(`${environment.api}/auth/token/refresh`);
  expect(left.map(({ name }) => name).toSorted()).toEqual(['__jwtdev', REFRESH]);
});

test('JD405: the session of a login goes on after the logout', async () => {
  backend = ({ url }) => {
    if (url === '/auth/login/') return { cookies: [...(login.cookies ?? []), set('sessionid', 'abcdef')] };
    return url === '/auth/logout/' ? { cookies: [remove(ACCESS), remove(REFRESH)] } : {};
  };
  await call('POST /auth/login/');
  await call('POST /auth/logout/');
  await repeat('GET /auth/user/', 'JD405');
});

/** Two refreshes with one token: the first one rotates it, once the second one is there; that one gets the given answer. */
function rotating(lost: () => Reply | Promise<Reply>): Backend {
  let refreshes = 0;
  let isRotated = false;
  return async ({ url }) => {
    if (url === '/auth/login/') return login;
    refreshes += 1;
    const isFirst = refreshes === 1;
    await vi.waitFor(() => expect(isFirst ? refreshes : isRotated).toBe(isFirst ? 2 : true), 10_000);
    if (!isFirst) return lost();
    isRotated = true;
    return { cookies: [set(ACCESS, `a.c.${sessions}`), set(REFRESH, `next.${sessions}`)] };
  };
}

const twoTabs = async (): Promise<void> => {
  await call('POST /auth/login/');
  await page.evaluate(
    `Promise.all([1, 2].map(() => fetch('${environment.api}/auth/token/refresh/', { method: 'POST', credentials: 'include' })))`,
  );
};

test('JD410: two refreshes at once', async () => {
  backend = rotating(() => ({
    status: 401,
    body: { detail: 'Token is blacklisted', code: 'token_not_valid' },
  }));
  await twoTabs();
  const findings = await found('JD410');
  expect(codesOf(findings)).toEqual(['JD410']);
  expect(findings[0]?.evidence).toMatch(
    /used twice, \d+ m?s apart .* The answers were (?:200 and 401|401 and 200)/,
  );
});

test('JD412: the loser of the race clears the cookies of the winner', async () => {
  backend = rotating(async () => {
    await vi.waitFor(async () => {
      const cookies = await page.context().cookies(environment.api);
      expect(cookies.map(({ value }) => value)).toContain(`next.${sessions}`);
    }, 10_000);
    return { status: 401, cookies: [remove(ACCESS), remove(REFRESH)] };
  });
  await twoTabs();
  expect(codesOf(await found('JD412')).toSorted()).toEqual(['JD410', 'JD412']);
  expect((await page.context().cookies(environment.api)).map(({ name }) => name)).toEqual(['__jwtdev']);
});

test('JD411: a page that refreshes again and again', async () => {
  backend = ({ url }) =>
    url === '/auth/login/' ? login : { status: 401, body: { code: 'token_not_valid' } };
  await call('POST /auth/login/');
  await repeat('POST /auth/token/refresh/', 'JD411');
});

test('JD420: a cookie of the host and one of the domain', async () => {
  backend = () => ({ cookies: [set(ACCESS, 'old'), set(ACCESS, 'new', 'Path=/; Domain=example.com')] });
  await call('GET /auth/user/');
  await call('GET /auth/user/');
  const [finding] = await found('JD420');
  expect(finding).toMatchObject({ code: 'JD420', subject: ACCESS });
});

test('JD430: Django refuses the Origin', async () => {
  const detail = `CSRF Failed: Origin checking failed - ${environment.frontend} does not match any trusted origins.`;
  backend = () => ({ status: 403, body: { detail } });
  expect(await call('POST /items/')).toBe(403);
  const [finding, ...others] = await found('JD430');
  expect(others).toEqual([]);
  expect(finding?.evidence).toContain('Origin checking failed');
});

test('JD431: a csrftoken that the page cannot read', async () => {
  backend = ({ method }) =>
    method === 'GET'
      ? { cookies: ['csrftoken=abc; Path=/; SameSite=Lax; Secure'] }
      : { status: 403, body: { detail: 'CSRF Failed: CSRF token missing.' } };
  await call('GET /csrf/');
  await call('POST /items/');
  expect(codesOf(await found('JD431'))).toEqual(['JD431']);
});

test('JD432: a page that a server renders without the cookies of its visitor', async () => {
  backend = ({ url, headers }) => {
    if (url === '/auth/login/') return login;
    return headers.cookie === undefined ? { status: 401 } : {};
  };
  await call('POST /auth/login/');
  await call('GET /auth/user/');
  frontend = (request, response) => {
    const options = {
      host: '127.0.0.1',
      port: environment.port,
      servername: 'api.example.com',
      agent: false,
    };
    const headers = { host: new URL(environment.api).host, 'user-agent': 'node' };
    https.get({ ...options, headers, path: '/auth/user/', rejectUnauthorized: false }, (answered) => {
      answered.resume().on('end', () => html(request, response));
    });
  };
  await page.goto(`${environment.frontend}/account`);
  const [finding, ...others] = await found('JD432');
  expect(others).toEqual([]);
  expect(finding?.evidence).toContain('host-only on the API');
});

test.each([
  ['JD440', 'InvalidDomain', 'a=b; Domain=www.example.com'],
  ['JD441', 'SameSiteNoneInsecure', 'a=b; SameSite=None'],
  ['JD442', 'InvalidPrefix', '__Host-a=b; Secure; Path=/auth'],
  ['JD444', 'NameValuePairExceedsMaxSize', `a=${'x'.repeat(4_096)}`],
  ['JD446', 'PartitionedInsecure', 'a=b; Partitioned'],
])('%s: Chromium refuses the cookie (%s)', async (code, reason, cookie) => {
  backend = () => ({ cookies: [cookie] });
  await call('GET /items/');
  const [finding, ...others] = await found(code);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code, reason });
  expect((await page.context().cookies(environment.api)).map(({ name }) => name)).toEqual(['__jwtdev']);
});

test('JD445: a Lax cookie for a page of another site, which Chromium does not store', async () => {
  const server = http.createServer(html);
  onTestFinished(() => void server.close());
  await page.goto(`http://localhost:${await listenOn(server)}`);
  backend = () => login;
  await call('POST /auth/login/');
  const findings = await found('JD445');
  expect(codesOf(findings)).toEqual(['JD101', 'JD445', 'JD445']);
  expect(findings.map(({ subject }) => subject).slice(1)).toEqual([ACCESS, REFRESH]);
  expect((await page.context().cookies(environment.api)).map(({ name }) => name)).toEqual(['__jwtdev']);
});

test('JD450: a backend whose clock is a minute and a half behind', async () => {
  backend = () => ({ headers: { date: new Date(Date.now() - 94_000).toUTCString() } });
  await vi.waitFor(
    async () => {
      await call('GET /items/');
      expect(codesOf(await environment.take())).toEqual(['JD450']);
    },
    { timeout: 20_000, interval: 500 },
  );
});

test('JD460: a backend that sends Strict-Transport-Security', async () => {
  backend = () => ({ headers: { 'strict-transport-security': 'max-age=31536000' } });
  await call('GET /items/');
  expect(new Set(codesOf(await found('JD460')))).toEqual(new Set(['JD460']));
});

test('a session in order raises nothing: login, reload, refresh, logout, and login again', async () => {
  backend = ({ url, headers }) => {
    if (url === '/auth/login/' || url === '/auth/token/refresh/') return login;
    if (url === '/auth/logout/') return { cookies: [remove(ACCESS), remove(REFRESH)] };
    return headers.cookie === undefined
      ? { status: 401, body: { detail: 'Authentication credentials were not provided.' } }
      : {};
  };
  for (let round = 0; round < 2; round += 1) {
    expect(await call('GET /auth/user/')).toBe(401);
    await call('POST /auth/login/');
    expect(await call('GET /auth/user/')).toBe(200);
    await page.reload();
    expect(await call('GET /auth/user/')).toBe(200);
    await call('POST /auth/token/refresh/');
    await call('POST /auth/logout/');
    await call('POST /auth/logout/');
  }
  expect(await environment.take()).toEqual([]);
});
