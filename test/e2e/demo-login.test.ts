import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from '../helpers/browser.ts';
import { cleanEnv, type RunningUp, startUp } from '../helpers/cli.ts';

// The main job as a user does it: an empty directory, no configuration, the installed package, a real browser.
// As root the names have no port, as in production; any other user gets a free port.
const PORTS =
  process.getuid?.() === 0
    ? ['--https-port', '443', '--http-port', '80']
    : ['--https-port', '0', '--http-port', '0'];

let home: string;
let up: RunningUp;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-browser-'));
  up = await startUp([...PORTS, '--strict-port'], {
    bin: inject('installedBin'),
    cwd: home,
    env: cleanEnv(home),
  });
  browser = await launchChromium(home, up.ready.caFile, ['example.com', 'api.example.com']);
  context = await browser.newContext();
  page = await context.newPage();
});

afterAll(async () => {
  await browser?.close();
  await up?.stop();
  await rm(home, { recursive: true, force: true });
});

/** The page's one line about the session. */
const says = (text: string, on: Page = page) => on.locator('#who', { hasText: text }).waitFor();
/** Those of the API; the proxy's own canary, which the page set, is none of them. */
const apiCookies = async () =>
  (await context.cookies(up.ready.api)).filter(({ name }) => name !== '__jwtdev');
const refreshCookie = async () =>
  (await apiCookies()).find((cookie) => cookie.name === 'jwt-refresh-token')?.value;

test('http on the frontend host leads to the demo page over https', async () => {
  const port = up.ready.httpPort === 80 ? '' : `:${up.ready.httpPort}`;
  await page.goto(`http://example.com${port}/`);
  await page.locator('#who[data-state="out"]').waitFor();
  expect(new URL(page.url()).origin).toBe(up.ready.frontend);
  expect(await page.evaluate('window.isSecureContext')).toBe(true);
});

test('a wrong password shows the message of the API', async () => {
  const form = page.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill('alice');
  await form.getByLabel('Password').fill('not her password');
  await form.getByRole('button').click();
  await page.getByText('Unable to log in with provided credentials.').first().waitFor();
  expect(await apiCookies()).toEqual([]);
});

test('who is faster than the script waits for it, and no password comes into an address', async () => {
  const early = await context.newPage();
  await early.route('**/jwt-dev-demo.json', async (route) => {
    await sleep(1_000);
    await route.continue();
  });
  await early.goto(up.ready.frontend);
  const form = early.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill('alice');
  await form.getByLabel('Password').fill('not her password');
  await form.getByLabel('Password').press('Enter');
  expect(await form.getByRole('button').isDisabled()).toBe(true);
  await form.getByRole('button').click();
  await early.getByText('Unable to log in with provided credentials.').first().waitFor();
  expect(early.url()).toBe(`${up.ready.frontend}/`);
  await early.close();
});

test('a printed user logs in, and both cookies are out of the reach of scripts', async () => {
  const [user] = up.ready.users;
  const form = page.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill(user?.username ?? '');
  await form.getByLabel('Password').fill(user?.password ?? '');
  await form.getByRole('button').click();
  await says(`Logged in as ${user?.username}`);
  const cookies = await apiCookies();
  expect(
    cookies.map(({ name, domain, path: at, httpOnly, secure, sameSite }) => ({
      name,
      domain,
      at,
      httpOnly,
      secure,
      sameSite,
    })),
  ).toEqual(
    ['jwt-access-token', 'jwt-refresh-token'].map((name) => ({
      name,
      domain: 'api.example.com',
      at: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    })),
  );
  expect(await page.evaluate('document.cookie')).toBe('');
});

test('after a reload the user is still logged in', async () => {
  await page.reload();
  await says('Logged in as alice');
});

test('a refresh rotates the refresh token', async () => {
  const before = await refreshCookie();
  await page.getByRole('button', { name: 'Refresh tokens' }).click();
  await says('Tokens renewed');
  const after = await refreshCookie();
  expect(after).toBeDefined();
  expect(after).not.toBe(before);
  await page.getByRole('button', { name: 'Who am I?' }).click();
  await says('Logged in as alice');
});

test('after the logout the API answers 401', async () => {
  await page.getByRole('button', { name: 'Log out' }).click();
  await says('Logged out');
  expect(await apiCookies()).toEqual([]);
  const status = await page.evaluate(
    `fetch(${JSON.stringify(`${up.ready.api}/auth/user/`)}, { credentials: 'include' }).then((answer) => answer.status)`,
  );
  expect(status).toBe(401);
});

test('a new user registers and is logged in in every tab, and logged out in every tab', async () => {
  const second = await context.newPage();
  await second.goto(up.ready.frontend);
  await second.locator('#who[data-state="out"]').waitFor();
  const form = page.locator('#register-form');
  await form.getByLabel('Username').fill('carol');
  await form.getByLabel('E-mail').fill('carol@example.com');
  await form.getByLabel('Password', { exact: true }).fill('plum-tart-7461');
  await form.getByLabel('Password again').fill('plum-tart-7461');
  await form.getByRole('button').click();
  await says('Logged in as carol');
  await says('Logged in as carol', second);
  await second.getByRole('button', { name: 'Log out' }).click();
  await says('Not logged in');
  await second.close();
});

test('weak input shows the reasons of the API at the form', async () => {
  const form = page.locator('#register-form');
  await form.getByLabel('Username').fill('carol');
  await form.getByLabel('Password', { exact: true }).fill('plum-tart-7461');
  await form.getByLabel('Password again').fill('plum-tart-7461');
  await form.getByRole('button').click();
  await page.locator('#register-error').getByText('A user with that username already exists.').waitFor();
});

test('the page is served over HTTP/2 and loads nothing from elsewhere', async () => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).origin));
  await page.reload();
  // It asks the API when it has loaded; its line about the session is there before.
  await expect.poll(() => requests).toContain(up.ready.api);
  expect(new Set(requests)).toEqual(new Set([up.ready.frontend, up.ready.api]));
  const protocol = await page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol");
  expect(protocol).toBe('h2');
});
