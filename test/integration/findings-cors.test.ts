import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { launchChromium } from '../helpers/browser.ts';
import { type FindingsEnvironment, startFindings } from '../helpers/findings-environment.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';

// A real Chromium runs each request; what the page gets to see of it stands beside the finding.
type Answer = (origin: string) => {
  readonly status?: number;
  readonly preflight?: number | (http.OutgoingHttpHeaders & { readonly status?: number });
  readonly headers?: http.OutgoingHttpHeaders;
};

let dir: string;
let browser: Browser;
let page: Page;
let environment: FindingsEnvironment;
let answer: Answer;

const allowed = (origin: string): http.OutgoingHttpHeaders => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
});

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-findings-'));
  environment = await startFindings({
    dir,
    api: (request, response) => {
      const { status = 200, headers = {}, preflight } = answer(environment.frontend);
      const isPreflight = request.headers['access-control-request-method'] !== undefined;
      if (!isPreflight || preflight === undefined)
        response.writeHead(status, { 'content-type': 'text/plain', ...headers });
      else if (typeof preflight === 'number') response.writeHead(preflight, allowed(environment.frontend));
      else {
        const { status: other = 204, ...fields } = preflight;
        response.writeHead(other, fields);
      }
      response.end(isPreflight ? undefined : 'fine');
    },
  });
  browser = await launchChromium(dir, environment.caFile, ['example.com', 'api.example.com']);
  page = await (await browser.newContext()).newPage();
  await page.goto(environment.frontend);
});

afterAll(async () => {
  await browser.close();
  await environment.close();
  await rm(dir, { recursive: true, force: true });
});

let calls = 0;

/** Runs a fetch in the page; `fine` or the words with which it fails. Each has a path of its own: preflights are remembered. */
function fetchInPage(options: object = {}): Promise<string> {
  calls += 1;
  const init = JSON.stringify({ credentials: 'include', ...options });
  return page.evaluate(
    `fetch('${environment.api}/call/${calls}', ${init}).then((answer) => answer.text(), (error) => error.message)`,
  );
}

/** The codes found; an exchange may be told a moment after the page has its answer, so that one is waited for. */
async function codes(awaited: string): Promise<readonly string[]> {
  const all: string[] = [];
  await vi.waitFor(
    async () => {
      for (const { code } of await environment.take()) all.push(code);
      expect(all).toContain(awaited);
    },
    { timeout: 10_000 },
  );
  return all;
}
const FAILED = 'Failed to fetch';
const PUT = { method: 'PUT', headers: { 'x-csrftoken': 'token' } };

test.each<[code: string, what: string, answer: Answer, options?: object]>([
  [
    'JD201',
    'any origin, with credentials',
    () => ({ headers: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' } }),
  ],
  [
    'JD202',
    'credentials allowed as "True"',
    (origin) => ({
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'True' },
    }),
  ],
  ['JD203', 'another origin', () => ({ headers: allowed('https://other.test') })],
  ['JD203', 'the origin with a slash', (origin) => ({ headers: allowed(`${origin}/`) })],
  ['JD204', 'no origin at all', () => ({ headers: allowed('example.com') })],
  ['JD205', 'two origins', (origin) => ({ headers: allowed(`${origin}, https://other.test`) })],
  ['JD206', 'nothing', () => ({})],
  ['JD206', 'nothing on a 500', () => ({ status: 500 })],
  [
    'JD207',
    'a preflight that is redirected',
    (origin) => ({ preflight: { status: 301, location: '/elsewhere', ...allowed(origin) } }),
    PUT,
  ],
  ['JD208', 'a preflight that wants a login', () => ({ preflight: 401 }), PUT],
  [
    'JD209',
    'a header that is not allowed',
    (origin) => ({ preflight: { ...allowed(origin), 'access-control-allow-methods': 'PUT' } }),
    PUT,
  ],
  [
    'JD210',
    'a method that is not allowed',
    (origin) => ({ preflight: { ...allowed(origin), 'access-control-allow-headers': 'x-csrftoken' } }),
    PUT,
  ],
  [
    'JD211',
    'a list of methods that is none',
    (origin) => ({
      preflight: {
        ...allowed(origin),
        'access-control-allow-methods': 'GET PUT;',
        'access-control-allow-headers': 'x-csrftoken',
      },
    }),
    PUT,
  ],
  [
    'JD212',
    'a login page instead of a 401',
    (origin) => ({ status: 302, headers: { location: `${origin}/login/`, ...allowed(origin) } }),
  ],
  [
    'JD213',
    'a redirect to plain http',
    (origin) => ({
      status: 302,
      headers: { location: 'http://api.example.com/x', ...allowed(origin) },
    }),
  ],
])('%s: %s', async (code, _what, how, options) => {
  answer = how;
  expect(await fetchInPage(options)).toBe(FAILED);
  expect(await codes(code)).toContain(code);
});

test('JD214: an answer that is kept, names one origin and does not vary by it', async () => {
  answer = (origin) => ({
    headers: { ...allowed(origin), vary: 'Accept', 'cache-control': 'max-age=600' },
  });
  expect(await fetchInPage()).toBe('fine');
  expect(await codes('JD214')).toEqual(['JD214']);
});

test('JD215: an image that its policy keeps from the page', async () => {
  answer = () => ({ headers: { 'cross-origin-resource-policy': 'same-origin' } });
  await page.evaluate(
    `new Promise((resolve) => { const image = new Image(); image.onerror = resolve; image.src = '${environment.api}/logo.png'; })`,
  );
  expect(await codes('JD215')).toEqual(['JD215']);
});

test('JD101: a page of another site', async () => {
  const server = http.createServer((_request, response) => response.end('<title>a dev server</title>'));
  onTestFinished(() => void server.close());
  const origin = `http://localhost:${await listenOn(server)}`;
  answer = () => ({ headers: allowed(origin) });
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const stranger = await context.newPage();
  await stranger.goto(origin);
  await stranger.evaluate(`fetch('${environment.api}/', { credentials: 'include' }).catch(() => undefined)`);
  expect(await codes('JD101')).toEqual(['JD101']);
});

test('what is in order raises nothing: a simple request, one with a preflight, a refusal', async () => {
  answer = (origin) => ({
    headers: allowed(origin),
    preflight: {
      ...allowed(origin),
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-csrftoken',
    },
  });
  expect(await fetchInPage()).toBe('fine');
  expect(await fetchInPage(PUT)).toBe('fine');
  answer = (origin) => ({ status: 401, headers: allowed(origin) });
  expect(await fetchInPage()).toBe('fine');
  expect(await environment.take()).toEqual([]);
});
