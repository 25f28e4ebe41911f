import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { launchChromium } from '../helpers/browser.ts';
import { cleanEnv, type RunningUp, startUp } from '../helpers/cli.ts';
import { raw } from '../helpers/control-requests.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';

// What pages of other origins get from the inspector in a real Chromium: nothing. The status of each answer is read
// from the network below the page, where CORS and CORP hide nothing.

let home: string;
let up: RunningUp;
let browser: Browser;
let context: BrowserContext;
let attacker: http.Server;
let attackerPort: number;
let control: string;
let secret: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-access-'));
  up = await startUp(['--https-port', '0', '--http-port', 'none'], {
    bin: inject('installedBin'),
    cwd: home,
    env: cleanEnv(home),
  });
  control = up.ready.control;
  secret = new URL(up.ready.inspector ?? '').hash.slice(1);
  attacker = http.createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>attacker</title><h1>attacker</h1>');
  });
  attackerPort = await listenOn(attacker);
  const names = ['example.com', 'api.example.com', 'attacker.test', 'evil.test'];
  browser = await launchChromium(home, up.ready.caFile, names);
  // The frontend's own policy would keep most of it from being sent.
  context = await browser.newContext({ bypassCSP: true });
});

afterAll(async () => {
  await browser?.close();
  attacker?.closeAllConnections();
  attacker?.close();
  await up?.stop();
  await rm(home, { recursive: true, force: true });
});

interface Seen {
  readonly url: string;
  readonly status: number;
}

/** Every answer of the control server that a page and its frames get, as the network has it. */
async function watchAnswers(page: Page): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const urls = new Map<string, string>();
  const statuses = new Map<string, number>();
  const note = (requestId: string): void => {
    const [url, status] = [urls.get(requestId), statuses.get(requestId)];
    if (url !== undefined && status !== undefined && new URL(url).host === new URL(control).host)
      seen.push({ url, status });
  };
  const session: CDPSession = await context.newCDPSession(page);
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    urls.set(requestId, request.url);
    note(requestId);
  });
  session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
    statuses.set(requestId, statusCode);
    note(requestId);
  });
  session.on('Network.webSocketCreated', ({ requestId, url }) => {
    urls.set(requestId, url);
  });
  // "Error during WebSocket handshake: Unexpected response code: 403"
  session.on('Network.webSocketFrameError', ({ requestId, errorMessage }) => {
    statuses.set(requestId, Number(/response code: (\d+)/.exec(errorMessage)?.[1]));
    note(requestId);
  });
  await session.send('Network.enable');
  return seen;
}

/** How the URLs end that the script asks for. */
const ASKED = [
  'overview?cors',
  'overview?secret',
  'inspector.js?cors',
  'try?json',
  'overview?no-cors',
  'stop?no-cors',
  'favicon.svg?image',
  'inspector.js?script',
  'inspector.css?style',
  'events?source',
  'events?socket',
  '?frame',
  'stop?form',
  'stop?beacon',
];

const origins = (): readonly (readonly [string, string])[] => [
  ['another site', `http://attacker.test:${attackerPort}/`],
  ['another port of this machine', `http://127.0.0.1:${attackerPort}/`],
  ['the frontend', up.ready.frontend],
];

test('a page on another origin gets nothing, whatever it tries, and 403 on the wire', async () => {
  const script = await readFile(new URL('../fixtures/ask-other-origin.mjs', import.meta.url), 'utf8');
  for (const [who, url] of origins()) {
    const page = await context.newPage();
    await page.goto(url);
    const seen = await watchAnswers(page);
    const found = (await page.evaluate(
      `${script}; askOtherOrigin(${JSON.stringify(control)}, ${JSON.stringify(secret)})`,
    )) as Record<string, string>;
    const { frame, form, beacon, ...rest } = found;
    for (const [what, got] of Object.entries(rest))
      expect(got, `${who}: ${what}`).toMatch(/^nothing$|^opaque 0 $/);
    // An error page is loaded as well.
    expect([frame, form, beacon]).toEqual(['loaded', 'loaded', 'true']);
    await vi.waitFor(
      () => {
        for (const end of ASKED)
          expect(
            seen.map((each) => each.url),
            who,
          ).toContainEqual(expect.stringContaining(end));
      },
      { timeout: 20_000 },
    );
    for (const { url: asked, status } of seen) expect([who, asked, status]).toEqual([who, asked, 403]);
    await page.close();
  }
  expect((await raw(`${control}/health`)).status).toBe(200);
});

test('a name that was rebound to this machine gets 403, with the secret too', async () => {
  const page = await context.newPage();
  const rebound = `http://evil.test:${new URL(control).port}`;
  for (const where of ['/', '/health', '/inspector.js', '/inspector/overview'])
    expect((await page.goto(`${rebound}${where}`))?.status()).toBe(403);
  const answers = await page.evaluate(async (authorization) => {
    const found: (readonly [number, string])[] = [];
    for (const where of ['/inspector/overview', '/inspector/events', '/findings', '/']) {
      const response = await fetch(where, { headers: { authorization } });
      found.push([response.status, await response.text()]);
    }
    return found;
  }, `Bearer ${secret}`);
  for (const [status, body] of answers) {
    expect(status).toBe(403);
    expect(body).toContain('ERR_HOST');
  }
  await page.close();
});

test('a link of another site opens the page, which knows nothing and has no opener', async () => {
  const page = await context.newPage();
  await page.goto(`http://attacker.test:${attackerPort}/`);
  const popup = context.waitForEvent('page');
  await page.evaluate(`void window.open(${JSON.stringify(`${control}/?link`)})`);
  const opened = await popup;
  await opened.waitForLoadState();
  expect(opened.url()).toContain(`${control}/?link`);
  expect(await opened.evaluate('window.opener')).toBeNull();
  const known = [
    await opened.evaluate(async () => (await fetch('/inspector/overview')).status),
    await opened.content(),
  ] as const;
  expect(known[0]).toBe(401);
  for (const { username, password, email } of up.ready.users)
    for (const word of [email, `${username} / ${password}`, secret]) expect(known[1]).not.toContain(word);
  await opened.close();
  await page.close();
});

test('the page itself, opened by its URL, asks and changes what it likes', async () => {
  const page = await context.newPage();
  const answer = await page.goto(up.ready.inspector ?? '');
  expect(answer?.status()).toBe(200);
  const parts = await Promise.all(
    ['/', '/inspector.js', '/inspector.css', '/favicon.svg'].map((where) => raw(control + where)),
  );
  for (const { status, body } of parts) {
    expect(status).toBe(200);
    expect(body).not.toContain(secret);
  }
  const asked = await page.evaluate(async (authorization) => {
    const ask = async (where: string, init: RequestInit = {}) => {
      const headers = { authorization, 'content-type': 'application/json' };
      const response = await fetch(where, { headers, ...init });
      return [response.status, await response.json()] as const;
    };
    return [
      await ask('/inspector/overview'),
      await ask('/inspector/users'),
      await ask('/inspector/try', {
        method: 'POST',
        body: JSON.stringify({
          method: 'POST',
          path: '/auth/login/',
          json: { username: 'alice', password: 'alice' },
        }),
      }),
      await ask('/inspector/try', {
        method: 'POST',
        body: JSON.stringify({ method: 'GET', path: '/auth/user/' }),
      }),
      await ask('/inspector/exchanges'),
      await ask('/inspector/exchanges', { method: 'DELETE' }),
      await ask('/inspector/try', { method: 'DELETE' }),
    ];
  }, `Bearer ${secret}`);
  expect(asked.map(([status]) => status)).toEqual([200, 200, 200, 200, 200, 200, 200]);
  const [overview, users, login, user, exchanges] = asked.map(([, body]) => body as object);
  expect(overview).toMatchObject({ frontend: up.ready.frontend, api: up.ready.api });
  expect(JSON.stringify(users)).toContain('alice');
  expect(JSON.stringify(users)).not.toMatch(/hash|scrypt/i);
  expect(login).toMatchObject({ status: 200, silent: null, corsProblem: null });
  expect(user).toMatchObject({ status: 200, corsProblem: null });
  expect(JSON.stringify([login, user])).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  expect(exchanges).toMatchObject({
    exchanges: expect.arrayContaining([
      expect.objectContaining({ method: 'GET', path: '/auth/user/', status: 200 }),
    ]),
  });
  await page.close();
});
