import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { CheckReport, CheckRun, CheckWish, OpenedCheckRun } from '../../src/browser-check/types.ts';
import { launchChromium } from '../helpers/browser.ts';
import { CHECK_USER, startCheckBackend } from '../helpers/check-backend.ts';
import { cleanEnv, type RunningUp, runCli, startUp } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

// The page that tests its visitor's browser, in the browsers themselves.

const AT = '/__jwt-dev/check';
const OUTCOMES_OF_A_GOOD_BROWSER = ['pass', 'info', 'skip'];
const axe = (): Promise<string> =>
  readFile(path.resolve(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');

async function up(args: readonly string[], config: Record<string, unknown> = {}) {
  const home = await tempDir();
  await writeFile(path.join(home, 'jwt-dev.config.json'), JSON.stringify(config));
  const running = await startUp(args, { bin: inject('installedBin'), cwd: home, env: cleanEnv(home) });
  onTestFinished(async () => void (await running.stop()));
  return { home, running, ...running.ready, control: controlOf(running) };
}

/** The control server, as `verify` asks it. */
function controlOf({ ready }: RunningUp) {
  const { inspector } = ready as unknown as { readonly inspector: string };
  const { origin, hash } = new URL(inspector);
  const ask = async <Answer>(method: 'GET' | 'POST', where: string, json?: unknown): Promise<Answer> => {
    const answer = await fetch(`${origin}${where}`, {
      method,
      headers: { authorization: `Bearer ${hash.slice(1)}`, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    return (await answer.json()) as Answer;
  };
  return {
    ask,
    openRun: (wish: CheckWish) => ask<OpenedCheckRun>('POST', '/check-runs', wish),
    /** Waits for the end of a run, and for what a browser has got to by then should it not come. */
    outcome: async (id: string): Promise<CheckRun> => {
      const end = Date.now() + 60_000;
      for (;;) {
        const run = await ask<CheckRun>('GET', `/check-runs?id=${id}&wait=10s`);
        if (run.done || Date.now() > end) return run;
      }
    },
  };
}

const statusOf = (report: CheckReport | null, id: string) => report?.steps.find((step) => step.id === id);
const troubles = (report: CheckReport | null) =>
  report?.steps.filter(({ status }) => !OUTCOMES_OF_A_GOOD_BROWSER.includes(status));

/** The check's own exchanges are neither recorded nor judged. */
async function expectUnseen(control: ReturnType<typeof controlOf>): Promise<void> {
  const { exchanges } = await control.ask<{ exchanges: readonly { path: string }[] }>(
    'GET',
    '/inspector/exchanges',
  );
  expect(exchanges.filter(({ path: at }) => at.startsWith('/__jwt-dev/'))).toEqual([]);
  expect(await control.ask('GET', '/findings')).toMatchObject({ findings: [] });
}

/** A Chromium that trusts the CA, with a page that says whatever goes wrong in it. */
async function openPage(browser: Browser, options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  return page;
}

const settled = (page: Page) =>
  page.locator('body[data-state="passed"], body[data-state="failed"]').waitFor();

/** Ends a browser that `open` has started. */
function endWithTest(stdout: string): void {
  const { pid } = JSON.parse(stdout) as { pid: number };
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // It has ended already.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  });
}

test('Chromium passes without leaving a trace, and the page is one for everybody', async () => {
  const { home, caFile, proxy, frontend, control } = await up(['--rootless']);
  const browser = await launchChromium(home, caFile, []);
  onTestFinished(() => browser.close());
  const page = await openPage(browser, {
    proxy: { server: proxy ?? '' },
    permissions: ['clipboard-read', 'clipboard-write'],
    acceptDownloads: true,
  });
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    const { hostname } = new URL(request.url());
    if (!hostname.endsWith('example.com')) elsewhere.push(request.url());
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(message.text());
  });
  await page.goto(`${frontend}${AT}`);
  await settled(page);
  expect(await page.locator('#overall').textContent()).toBe('This browser does all that the pattern needs.');
  // Of its own policy least of all.
  expect(complaints).toEqual([]);

  // The report: shown, copied and downloaded.
  const report = JSON.parse((await page.locator('#report').textContent()) ?? '') as CheckReport;
  expect(troubles(report)).toEqual([]);
  expect(report.browser).toContain('Chrome/');
  for (const id of [
    'cookie-lax',
    'cookie-strict',
    'cookie-none',
    'cookie-partitioned',
    'cookie-none-no-secure',
  ])
    expect(statusOf(report, id)?.status).toBe('pass');
  expect(statusOf(report, 'http-version')?.detail).toContain('h2');
  expect(statusOf(report, 'same-site')?.detail).toContain('same-site');
  expect(statusOf(report, 'service-worker')?.status).toBe('pass');
  await page.getByRole('button', { name: 'Copy report' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('The report is in the clipboard.').waitFor();
  expect(JSON.parse(await page.evaluate('navigator.clipboard.readText()'))).toEqual(report);
  await page.keyboard.press('Tab');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toBe('jwt-dev-browser-check.json');
  expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toEqual(report);

  // For people with other eyes and other screens.
  await page.getByText('The report as JSON').click();
  await page.evaluate(await axe());
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const { violations } = await page.evaluate<{ violations: readonly { id: string }[] }>('axe.run()');
      expect(violations).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
  }

  // Nothing of it stays.
  const cookies = await page.context().cookies();
  expect(cookies.map(({ name }) => name)).toEqual(['__jwtdev']);
  expect(await page.evaluate('navigator.serviceWorker.getRegistrations().then(({ length }) => length)')).toBe(
    0,
  );
  expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
  expect(elsewhere).toEqual([]);
  await expectUnseen(control);

  // Once more, now with a session, which is gone afterwards too.
  const { id, url } = await control.openRun({
    login: { username: 'alice', password: 'alice' },
    register: false,
    browserChecks: 'first',
  });
  await page.goto(url);
  const run = await control.outcome(id);
  expect([run.done, troubles(run.report)]).toEqual([true, []]);
  for (const step of [
    'login',
    'user',
    'reload',
    'user-after-reload',
    'refresh',
    'user-after-refresh',
    'logout',
    'user-after-logout',
  ])
    expect(statusOf(run.report, step)?.status).toBe('pass');
  await page.getByText('the whole cookie login went through').waitFor();
  expect((await page.context().cookies()).map(({ name }) => name)).toEqual(['__jwtdev']);
  expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
  await expectUnseen(control);

  // A run is for one page.
  await page.goto(url);
  await page.getByText('This run is over').waitFor();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByText('This browser does all that the pattern needs.').waitFor();
});

test('Firefox passes too, with a user that it registers', async () => {
  const { home, proxy, control } = await up(['--rootless']);
  const { id, url } = await control.openRun({ login: null, register: true, browserChecks: 'first' });
  const args = ['open', '--json', '--proxy', proxy ?? '', '--browser', 'firefox', url, '--', '--headless'];
  const opened = await runCli(args, { bin: inject('installedBin'), cwd: home, env: cleanEnv(home) });
  expect(opened).toMatchObject({ exitCode: 0 });
  endWithTest(opened.stdout);
  const { done, report } = await control.outcome(id);
  expect([done, troubles(report)]).toEqual([true, []]);
  expect(report?.browser).toContain('Firefox/');
  for (const step of [
    'cookie-lax',
    'cookie-strict',
    'service-worker',
    'web-locks',
    'register',
    'user-after-reload',
    'user-after-logout',
  ])
    expect(statusOf(report, step)?.status).toBe('pass');
  await expectUnseen(control);
});

test('a backend of one’s own, other names, another port, a self-signed certificate; and what is wrong is named', async () => {
  const backend = await startCheckBackend();
  const { home, frontend, caFile, control } = await up(['--https-port', '0', '--http-port', 'none'], {
    frontend: { host: 'shop.test', upstream: `http://127.0.0.1:${backend.port}` },
    api: { host: 'api.shop.test', upstream: backend.port },
    tls: { mode: 'self-signed' },
    auth: { cookies: { access: 'shop-access', refresh: 'shop-refresh' } },
  });
  backend.origin = frontend;

  // By `open`, whose browser trusts that one certificate.
  const good = await control.openRun({ login: CHECK_USER, register: false, browserChecks: 'first' });
  const args = ['open', '--json', '--browser', 'chromium', good.url, '--', '--headless', '--disable-gpu'];
  const opened = await runCli(args, { bin: inject('installedBin'), cwd: home, env: cleanEnv(home) });
  expect(opened).toMatchObject({ exitCode: 0 });
  endWithTest(opened.stdout);
  const { done, report } = await control.outcome(good.id);
  expect([done, troubles(report)]).toEqual([true, []]);
  await expectUnseen(control);

  // By a browser that was told to look away, which helps service workers nothing.
  const browser = await launchChromium(home, caFile, ['shop.test', 'api.shop.test']);
  onTestFinished(() => browser.close());
  const page = await openPage(browser, { ignoreHTTPSErrors: true });
  const failures = async (): Promise<Record<string, string>> => {
    await page.context().clearCookies();
    const { id, url } = await control.openRun({ login: CHECK_USER, register: false, browserChecks: 'first' });
    await page.goto(url);
    const run = await control.outcome(id);
    expect(run.done).toBe(true);
    const failed = run.report?.steps.filter(({ status }) => status === 'fail') ?? [];
    for (const { fix } of failed) expect(fix).toBeTruthy();
    return Object.fromEntries(failed.map((step) => [step.id, `${step.code ?? ''} ${step.detail}`]));
  };
  const worker = { 'service-worker': expect.stringMatching(/^JD301 .*SSL/) };
  expect(await failures()).toEqual(worker);

  backend.spoil = (line) => line.replace('Path=/;', 'Path=/auth/login/;');
  expect(await failures()).toEqual({
    ...worker,
    user: expect.stringContaining('does not send shop-access'),
  });
  backend.spoil = (line) => line.replace('Secure; SameSite=Lax', 'SameSite=None');
  expect(await failures()).toEqual({ ...worker, user: expect.stringContaining('does not send shop-access') });
  backend.spoil = (line) => (line.includes('Max-Age=0') ? line.replace('Path=/;', 'Path=/auth;') : line);
  expect(await failures()).toEqual({
    ...worker,
    'user-after-logout': expect.stringMatching(/^JD404 .*shop-access and shop-refresh/),
  });
  backend.spoil = (line) => (line.startsWith('shop-refresh') ? line.replace('shop-', 'other-') : line);
  expect(await failures()).toEqual({ ...worker, refresh: expect.stringMatching(/^JD402 .*shop-refresh/) });
  backend.spoil = (line) => line;
  backend.origin = 'https://elsewhere.test';
  expect(await failures()).toEqual({ ...worker, login: expect.stringContaining('That is CORS') });

  // The page says it as well, at the step and above all of them.
  await settled(page);
  expect(await page.locator('#overall').textContent()).toMatch(
    /^2 of \d+ checks failed: Service worker, Login\.$/,
  );
  expect(await page.locator('tr[data-status="fail"] .fix').count()).toBe(2);
  // Which header it was, the inspector says.
  const { exchanges } = await control.ask<{ exchanges: readonly { path: string; cors: string }[] }>(
    'GET',
    '/inspector/exchanges',
  );
  expect(exchanges.findLast(({ path: at }) => at === '/auth/login/')?.cors).toBe('preflight-blocked');
});
