import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Route } from '../../src/proxy/types.ts';
import { launchChromium } from '../helpers/browser.ts';
import { HOSTNAMES, listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

const frontend = http.createServer((_, response) => {
  response.setHeader('content-type', 'text/html');
  response.end('<!doctype html><title>frontend</title>');
});
let apiPort = 0;
let proxy: RunningProxy;
const home = mkdtempSync(path.join(os.tmpdir(), 'jwt-dev-test-'));
let browser: Browser;
let page: Page;

const dead: Route['upstream'] = {
  kind: 'port',
  port: 1,
  label: 'npm run api',
  process: () => ({
    command: 'npm run api',
    state: 'waiting to restart',
    pid: null,
    lastExit: 'exit code 1',
    lastLines: ['ModuleNotFoundError: no module named "django"'],
  }),
};
const routesWith = (frontendPort: number, api: Route['upstream']): Route[] => [
  portRoute('example.com', frontendPort),
  { hostname: 'api.example.com', role: 'api', upstream: api, paths: [] },
];

let frontendPort = 0;
beforeAll(async () => {
  frontendPort = await listenOn(frontend);
  let origin = '';
  proxy = await startProxy(routesWith(frontendPort, dead), { frontendOrigin: () => origin });
  origin = `https://example.com:${proxy.httpsPort}`;
  const caFile = path.join(home, 'ca.pem');
  writeFileSync(caFile, proxy.certificate.cert);
  browser = await launchChromium(home, caFile, HOSTNAMES);
  page = await browser.newPage();
  await page.goto(origin);
  apiPort = proxy.httpsPort;
});
beforeEach(() => {
  proxy.proxy.setRoutes(routesWith(frontendPort, dead));
});
afterAll(async () => {
  await browser.close();
  await proxy.close();
  frontend.close();
  rmSync(home, { recursive: true, force: true });
});

interface Fetched {
  readonly status: number;
  readonly error: string | null;
  readonly body: unknown;
}

/** What a single-page application sees of a request to the API; a CORS failure would be a TypeError. */
function fetchInPage(init: Readonly<Record<string, unknown>>): Promise<Fetched> {
  return page.evaluate(
    async ({ url, options }) => {
      const answer = await fetch(url, options);
      return {
        status: answer.status,
        error: answer.headers.get('x-jwt-dev-error'),
        body: await answer.json(),
      };
    },
    { url: `https://api.example.com:${apiPort}/auth/user/`, options: init },
  );
}

test.each([
  ['with credentials', { credentials: 'include' }],
  ['without credentials', { credentials: 'omit' }],
  ['that needs a preflight', { credentials: 'include', headers: { 'x-csrftoken': 'abc' } }],
  [
    'with a JSON body',
    {
      credentials: 'include',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    },
  ],
  [
    'with another method',
    { credentials: 'include', method: 'DELETE', headers: { authorization: 'Bearer x' } },
  ],
])('A fetch to a dead API from another origin %s reads 502 and why', async (_name, init) => {
  const answer = await fetchInPage(init);
  expect(answer).toMatchObject({
    status: 502,
    error: 'ERR_UPSTREAM_UNREACHABLE',
    body: {
      error: {
        code: 'ERR_UPSTREAM_UNREACHABLE',
        message: 'Nothing answers at npm run api (ECONNREFUSED).',
        hint: expect.stringContaining('ended (exit code 1) and is started again shortly'),
      },
      upstream: { process: { lastLines: ['ModuleNotFoundError: no module named "django"'] } },
    },
  });
});

test('The page for a dead upstream shows its last output, and becomes the real page once that is back', async () => {
  const other = await browser.newPage();
  await other.goto(`https://api.example.com:${apiPort}/`);
  expect(await other.textContent('pre')).toBe('ModuleNotFoundError: no module named "django"');
  proxy.proxy.setRoutes(routesWith(frontendPort, { kind: 'port', port: frontendPort, label: 'back' }));
  await vi.waitFor(async () => expect(await other.title()).toBe('frontend'), { timeout: 20_000 });
  await other.close();
});
