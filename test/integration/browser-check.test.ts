import https from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { CheckProgress, OpenedCheckRun } from '../../src/browser-check/types.ts';
import { type CheckEnvironment, startCheck } from '../helpers/browser-check.ts';
import { type Answer, askHttp1, askHttp2, type Question } from '../helpers/proxy-clients.ts';

// The server's half of the browser check, behind the real proxy, as a browser and as others ask it.

let check: CheckEnvironment;
beforeAll(async () => {
  check = await startCheck((_request, response) => response.end('the backend of the user'));
});
afterAll(async () => {
  await check.close();
  expect(check.warnings).toEqual([]);
});

const AT = '/__jwt-dev/check';
const frontend = (path: string, question: Question = {}) =>
  askHttp2(check.proxy, { ...question, hostname: 'example.com', path: `${AT}${path}` });
/** As a fetch of the page asks: across origins. */
const api = (path: string, { headers, ...question }: Question = {}) =>
  askHttp2(check.proxy, {
    ...question,
    hostname: 'api.example.com',
    path: `${AT}${path}`,
    headers: { origin: check.frontend, ...headers },
  });
const json = (value: unknown): Question => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const bodyOf = (answer: Answer): unknown => JSON.parse(answer.body);

describe('the path is ours on every host', () => {
  test.each([askHttp1, askHttp2])('and everything around it is the backend’s', async (ask) => {
    expect((await ask(check.proxy, { path: AT })).body).toContain('Browser check');
    expect((await ask(check.proxy, { path: `${AT}?run=x` })).body).toContain('Browser check');
    for (const path of [
      '/',
      `${AT}er`,
      `/x${AT}`,
      '/__jwt-dev/',
      `${AT}%2fecho`,
      `/x/..%2f${AT}`,
      `/${AT}`,
    ]) {
      expect((await ask(check.proxy, { path })).body).toBe('the backend of the user');
    }
  });

  test('whoever opens it on the API’s host is sent to the page', async () => {
    const { status, headers } = await askHttp1(check.proxy, { hostname: 'api.example.com', path: AT });
    expect([status, headers.location]).toEqual([302, `${check.frontend}${AT}`]);
  });

  test('a host that is none of the environment’s gets nothing', async () => {
    const answer = await askHttp1(check.proxy, { path: `${AT}/echo`, headers: { host: 'example.com:1' } });
    expect(answer.status).toBe(404);
  });
});

describe('the page', () => {
  test('may load and reach its own two hosts, and nothing else', async () => {
    const { headers, status } = await frontend('');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = headers['content-security-policy'] as string;
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain(
      `connect-src 'self' ${check.frontend.replace('https', 'wss')} ${check.api} ${check.api.replace('https', 'wss')};`,
    );
    expect(policy).not.toContain('unsafe');
  });

  test.each([
    ['/page.js', 'text/javascript; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
    ['/worker.js', 'text/javascript; charset=utf-8'],
  ])('%s is part of it', async (path, type) => {
    const answer = await frontend(path);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
    expect(answer.body.length).toBeGreaterThan(100);
    const head = await frontend(path, { method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([
      200,
      '',
      answer.headers['content-length'],
    ]);
  });

  test('the worker may control the page, which is a level above it', async () => {
    expect((await frontend('/worker.js')).headers['service-worker-allowed']).toBe(AT);
  });

  test('is told what it has to know of the configuration', async () => {
    expect(bodyOf(await frontend('/settings'))).toEqual({
      frontend: check.frontend,
      api: check.api,
      site: 'example.com',
      basePath: '/auth/',
      accessCookie: 'jwt-access-token',
      refreshCookie: 'jwt-refresh-token',
      bundled: true,
      loginBy: ['username', 'email'],
    });
  });
});

describe('what is not for it', () => {
  test.each([
    ['an unknown path', '/nothing', {}, 404],
    ['a path of every object', '/constructor', {}, 404],
    ['a file of another directory', '/../../package.json', {}, 404],
    ['a method that a file does not know', '/page.js', { method: 'POST' }, 405],
    ['a method that an endpoint does not know', '/settings', { method: 'DELETE', sameOrigin: true }, 405],
    ['a POST without an Origin', '/report?id=x', { ...json({}), sameOrigin: false }, 403],
    ['a GET of another site’s page', '/settings', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['a GET of another host of the site', '/run?id=x', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ['a GET from another origin', '/settings', { headers: { origin: 'https://evil.test' } }, 403],
  ] as const)('%s', async (_what, path, question, status) => {
    const { sameOrigin, ...rest } = { sameOrigin: false, ...question };
    const headers = {
      ...('headers' in rest ? rest.headers : {}),
      ...(sameOrigin ? { origin: check.frontend } : {}),
    };
    const answer = await askHttp1(check.proxy, { ...rest, headers, path: `${AT}${path}` });
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    if (status === 405) expect(answer.headers.allow).toMatch(/GET/);
  });
});

describe('the API’s side', () => {
  const CORS = () => ({
    'access-control-allow-origin': check.frontend,
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  });

  test('answers the page’s preflight, and says what came', async () => {
    const preflight = await api('/cookies', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'DELETE' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      ...CORS(),
      'access-control-allow-methods': 'GET, POST, DELETE',
    });
    const headers = {
      'sec-fetch-site': 'same-site',
      cookie: 'jwt-dev-check-lax=abc; jwt-access-token=secret; other=1',
    };
    const echo = await api('/echo', { headers });
    expect(echo.headers).toMatchObject({ ...CORS(), 'timing-allow-origin': check.frontend });
    expect(bodyOf(echo)).toEqual({
      cookies: { lax: 'abc', 'jwt-access-token': '' },
      fetchSite: 'same-site',
      now: expect.any(Number),
    });
  });

  test('sets cookies and deletes them again', async () => {
    const set = await api('/cookies', json({ nonce: 'n'.repeat(16) }));
    expect(set.headers['set-cookie']).toHaveLength(7);
    expect(set.headers['set-cookie']).toContain(
      `jwt-dev-check-partitioned=${'n'.repeat(16)}; Path=${AT}; Max-Age=120; Secure; HttpOnly; SameSite=None; Partitioned`,
    );
    const deleted = await api('/cookies', { method: 'DELETE' });
    expect(
      deleted.headers['set-cookie']?.every((line) => line.includes('=; ') && line.includes('Max-Age=0')),
    ).toBe(true);
  });

  test.each([
    ['another origin', 'https://evil.test'],
    ['a sandboxed page', 'null'],
    ['the frontend without its port', 'https://example.com'],
    ['the frontend over http', 'http://example.com'],
    ['nobody', ''],
  ])('has nothing for %s', async (_who, origin) => {
    for (const method of ['GET', 'OPTIONS', 'POST', 'DELETE']) {
      const path = method === 'GET' ? '/echo' : '/cookies';
      const answer = await api(path, { method, headers: { origin } });
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  test.each([
    ['no JSON', { ...json(0), body: '{' }, 400],
    ['another media type', { ...json({}), headers: { 'content-type': 'text/plain' } }, 415],
    ['a value that is none', json({ nonce: 'a; Domain=com' }), 400],
    ['a body that is too large', json({ nonce: 'n'.repeat(2_000) }), 413],
  ])('refuses %s, readable for the page', async (_what, question, status) => {
    const answer = await api('/cookies', question);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(CORS());
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('has neither the page nor its runs', async () => {
    for (const path of ['/page.js', '/settings', '/run?id=x', '/report?id=x'])
      expect((await api(path)).status).toBe(404);
  });
});

describe('a run', () => {
  const open = async (wish: unknown): Promise<OpenedCheckRun> => {
    const answer = await check.control('POST', '', wish);
    expect(answer).toMatchObject({ status: 201 });
    return (answer as { readonly body: OpenedCheckRun }).body;
  };
  const report = (id: string, progress: unknown) =>
    frontend(`/report?id=${id}`, {
      ...json(progress),
      headers: { 'content-type': 'application/json', origin: check.frontend },
    });
  const progress = (done: boolean): CheckProgress => ({
    done,
    report: {
      browser: 'A browser',
      at: '2026-11-23T12:00:00.000Z',
      steps: [{ id: 'login', title: 'Login', status: 'fail', detail: 'd', ms: 1.5, fix: 'f', code: 'JD206' }],
    },
  });

  test('is opened, handed out once, reported and read', async () => {
    const wish = { login: { username: 'alice', password: 'pa55' }, register: false };
    const { id, url } = await open(wish);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(url).toBe(`${check.frontend}${AT}?run=${id}`);
    // Whoever does not read the answer does not get it.
    expect((await frontend(`/run?id=${id}`, { method: 'HEAD' })).status).toBe(405);
    expect(bodyOf(await frontend(`/run?id=${id}`))).toEqual({ id, browserChecks: 'first', ...wish });
    expect((await frontend(`/run?id=${id}`)).status).toBe(404);
    expect(await check.control('GET', `id=${id}`)).toEqual({
      status: 200,
      body: { id, done: false, report: null },
    });
    expect((await report(id, progress(false))).status).toBe(204);
    const waiting = check.control('GET', `id=${id}&wait=60s`);
    expect(await check.control('GET', `id=${id}&wait=60s&steps=0`)).toMatchObject({ body: { done: false } });
    expect((await report(id, progress(true))).status).toBe(204);
    expect(await waiting).toEqual({ status: 200, body: { id, ...progress(true) } });
    expect((await report(id, progress(true))).status).toBe(404);
  });

  describe('has a stage for browsers that end with the load of their page', () => {
    const wish = { login: null, register: false };
    const stage = (language: string) => frontend('/stage', { headers: { 'accept-language': language } });

    test('which shows it in a frame, and loads until it is done', async () => {
      const { id, stage: at } = await open(wish);
      expect(at.url).toBe(`${check.frontend}${AT}/stage`);
      const { status, headers, body } = await stage(`en-US,en;q=0.7,${at.language};q=0.3`);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers['content-security-policy']).toContain("default-src 'none'; frame-src 'self';");
      const [frame, held] = Array.from(body.matchAll(/src="([^"]*)"/g), ([, src]) => src?.slice(AT.length));
      expect([frame, held]).toEqual([`?run=${id}`, `/stage/hold?id=${id}`]);
      let isHeld = true;
      const loaded = frontend(held ?? '').then((answer) => {
        isHeld = false;
        return answer;
      });
      await frontend(`/run?id=${id}`);
      await report(id, progress(false));
      expect(isHeld).toBe(true);
      await report(id, progress(true));
      expect((await loaded).status).toBe(204);
    });

    test('which only the browser of that run is shown, once', async () => {
      const { id, stage: at } = await open(wish);
      const other = at.language.replaceAll(/[0-9a-f]/g, '0');
      for (const language of ['', 'en-US,en', other, at.language.slice(0, -1), `${at.language}0`]) {
        const { status, body } = await stage(language);
        expect([status, body.includes(id)]).toEqual([404, false]);
      }
      expect((await frontend(`/stage?run=${id}`)).status).toBe(404);
      expect((await frontend('/stage/hold?id=nobody')).status).toBe(404);
      expect((await stage(at.language)).status).toBe(200);
      await frontend(`/run?id=${id}`);
      expect((await stage(at.language)).status).toBe(404);
    });
  });

  test.each([
    ['no wish', {}],
    ['a login without a password', { login: { username: 'alice' }, register: false }],
    ['something beside it', { login: null, register: false, url: 'https://evil.test' }],
    ['nothing', undefined],
  ])('is not opened for %s', async (_what, wish) => {
    await expect(check.control('POST', '', wish)).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });

  test('that nobody has opened is none', async () => {
    expect(await check.control('GET', 'id=nobody')).toMatchObject({ status: 404 });
    expect((await report('nobody', progress(true))).status).toBe(404);
    await expect(check.control('GET', 'id=nobody&wait=soon')).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });

  test('takes reports only', async () => {
    const { id } = await open({ login: null, register: false });
    const { report: good } = progress(true);
    const [step] = good.steps;
    for (const wrong of [
      good,
      { done: 'yes', report: good },
      { done: true, report: { ...good, steps: [{ ...step, status: 'great' }] } },
      { done: true, report: { ...good, steps: [{ ...step, code: '<b>' }] } },
      { done: true, report: { ...good, at: 'yesterday' } },
      { done: true, report: { ...good, steps: Array.from({ length: 101 }, () => step) } },
      { done: true, report: good, more: 1 },
    ]) {
      expect((await report(id, wrong)).status).toBe(400);
    }
    expect((await report(id, { done: true, report: { ...good, browser: 'x'.repeat(300_000) } })).status).toBe(
      413,
    );
    expect(await check.control('GET', `id=${id}`)).toMatchObject({ body: { done: false, report: null } });
  });
});

describe('WebSockets', () => {
  const open = (host: string, headers: Record<string, string>, path = `${AT}/socket`) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`wss://127.0.0.1:${check.proxy.httpsPort}${path}`, {
        agent: new https.Agent({ ca: check.proxy.certificate.cert, servername: host }),
        headers: { host: `${host}:${check.proxy.httpsPort}`, ...headers },
      });
      socket.on('open', () => socket.send('hello'));
      socket.on('message', (data) => {
        resolve((data as Buffer).toString());
        socket.close();
      });
      socket.on('unexpected-response', (_request, response) => {
        resolve(String(response.statusCode));
        response.destroy();
      });
      socket.on('error', () => undefined);
    });

  test.each(['example.com', 'api.example.com'])('%s says what the page says to it', async (host) => {
    expect(await open(host, { origin: check.frontend })).toBe('hello');
  });

  test('no page of another origin gets one, and there is one place for them', async () => {
    expect(await open('api.example.com', { origin: 'https://evil.test' })).toBe('403');
    expect(await open('api.example.com', {})).toBe('403');
    expect(await open('api.example.com', { origin: check.frontend }, `${AT}/echo`)).toBe('404');
  });
});
