import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from '../helpers/browser.ts';
import { cleanEnv, type RunningUp, runCli, startUp } from '../helpers/cli.ts';

// Without root, without a hosts entry, without port 443: the names lead here through the forward proxy alone.

const NOBODY = 65_534;
const DROP_PRIVILEGES = `--import=data:text/javascript,process.setgroups([]);process.setgid(${NOBODY});process.setuid(${NOBODY})`;
const HOSTS = '127.0.0.1 localhost\n';

let cwd: string;
let browserHome: string;
let up: RunningUp;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-rootless-'));
  browserHome = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-browser-'));
  const hosts = { file: path.join(cwd, 'hosts') };
  await writeFile(hosts.file, HOSTS);
  await writeFile(path.join(cwd, 'jwt-dev.config.json'), JSON.stringify({ hosts }));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(cwd, NOBODY, NOBODY);
  // The tests' own clients read the CA.
  await chmod(cwd, 0o755);
  up = await startUp(['--rootless'], {
    bin: inject('installedBin'),
    cwd,
    env: cleanEnv(cwd, isRoot ? { NODE_OPTIONS: DROP_PRIVILEGES } : {}),
  });
  browser = await launchChromium(browserHome, up.ready.caFile, []);
  context = await browser.newContext({ proxy: { server: up.ready.proxy ?? '' } });
  page = await context.newPage();
});

afterAll(async () => {
  await browser?.close();
  await up?.stop();
  await rm(cwd, { recursive: true, force: true });
  await rm(browserHome, { recursive: true, force: true });
});

test('the ready line has no port in its URLs, and names the proxy', () => {
  expect(up.ready).toMatchObject({
    mode: 'rootless',
    frontend: 'https://example.com',
    api: 'https://api.example.com',
    proxy: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
});

test('the hosts file is left alone, and nobody is told to change it', async () => {
  expect(await readFile(path.join(cwd, 'hosts'), 'utf8')).toBe(HOSTS);
  expect(up.stderr()).not.toContain('hosts');
});

test('in Chromium a user logs in on https://example.com', async () => {
  await page.goto('http://example.com/');
  await page.locator('#who[data-state="out"]').waitFor();
  expect(page.url()).toBe('https://example.com/');
  const form = page.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill('alice');
  await form.getByLabel('Password').fill('alice');
  await form.getByRole('button').click();
  await page.locator('#who', { hasText: 'Logged in as alice' }).waitFor();
  const cookies = (await context.cookies('https://api.example.com'))
    // The proxy's own canary, which the page set.
    .filter(({ name }) => name !== '__jwtdev');
  expect(cookies.map(({ name, domain, secure }) => [name, domain, secure])).toEqual([
    ['jwt-access-token', 'api.example.com', true],
    ['jwt-refresh-token', 'api.example.com', true],
  ]);
});

test('the page is served over HTTP/2 through the tunnel', async () => {
  await page.reload();
  const protocol = await page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol");
  expect(protocol).toBe('h2');
});

test('a host that is not ours is refused in the browser', async () => {
  await expect(page.goto('https://example.org/')).rejects.toThrow('ERR_TUNNEL_CONNECTION_FAILED');
});

test("Playwright's own requests come through too, with that session and with the CA verified", async () => {
  // Node reads NODE_EXTRA_CA_CERTS when it starts, so a process of its own, as a test run with it would be.
  const script = `
    import { request } from 'playwright-core';
    const { proxy, storageState } = JSON.parse(process.env.INPUT);
    const client = await request.newContext({ proxy: { server: proxy }, storageState });
    const answer = await client.get('https://api.example.com/auth/user/');
    console.log(JSON.stringify([answer.status(), (await answer.json()).username]));
    await client.dispose();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: {
      ...cleanEnv(browserHome),
      NODE_EXTRA_CA_CERTS: up.ready.caFile,
      INPUT: JSON.stringify({ proxy: up.ready.proxy, storageState: await context.storageState() }),
    },
  });
  expect(JSON.parse(stdout)).toEqual([200, 'alice']);
});

test("a context's own requests share its session", async () => {
  // They are made by the tests' process, which has started without the CA.
  const trusting = await browser.newContext({
    proxy: { server: up.ready.proxy ?? '' },
    storageState: await context.storageState(),
    ignoreHTTPSErrors: true,
  });
  const answer = await trusting.request.get('https://api.example.com/auth/user/');
  expect([answer.status(), ((await answer.json()) as { username: string }).username]).toEqual([200, 'alice']);
  await trusting.close();
});

test('a dry run shows the mode and looks at no hosts file', async () => {
  const result = await runCli(['up', '--rootless', '--proxy-port', '5198', '--dry-run'], {
    bin: inject('installedBin'),
    cwd,
    env: cleanEnv(cwd),
  });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toContain('rootless: forward proxy on loopback, 5198');
  expect(result.stdout).not.toContain(path.join(cwd, 'hosts'));
});

test('it ends with 0, with browsers still connected', async () => {
  expect(await up.stop()).toBe(0);
});
