import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { axeProblems } from '../helpers/axe.ts';
import { chromiumFile } from '../helpers/browser.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { cannedFinding, cannedRow, cannedRows } from '../helpers/inspector-canned.ts';
import { type PageServer, startPageServer } from '../helpers/inspector-page.ts';

// What only the page decides, in a real Chromium and against canned answers: its looks, its keys, its size.
const VIEWS = ['exchanges', 'cookies', 'findings', 'outbox', 'users', 'try'] as const;
const PARTS = ['overview', 'findings', 'cookies', 'cors', 'tokens', 'headers', 'bodies'] as const;
const COUNT = 10_000;
const BUDGET = 150_000;

let home: string;
let browser: Browser;
let server: PageServer;
let page: Page;
/** What the browser had to say: refusals of the Content-Security-Policy among it. */
const said: string[] = [];
const foreign: string[] = [];

async function newPage(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  await context.addInitScript({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  const opened = await context.newPage();
  opened.on('console', (message) => said.push(message.text()));
  opened.on('pageerror', (error) => said.push(error.message));
  opened.on('request', (request) => {
    if (!request.url().startsWith(server.origin)) foreign.push(request.url());
  });
  return opened;
}

const drawnRows = () => page.locator('.lines .row').count();
const cursorRow = () => page.locator('.row.is-cursor .path').textContent();
const pressed = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-inspector-'));
  const root = path.resolve(path.dirname(inject('installedBin')), '..');
  server = await startPageServer(root, cannedRows(COUNT));
  browser = await chromium.launch({
    executablePath: chromiumFile,
    env: cleanEnv(home),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  page = await newPage({ viewport: { width: 1280, height: 760 } });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(home, { recursive: true, force: true });
});

test('without its secret the page says where to get it, and asks nothing', async () => {
  await page.goto(server.origin);
  await page.getByText('jwt-dev open --inspector').waitFor();
  await page.getByText('jwt-dev status').waitFor();
  expect(await axeProblems(page)).toEqual([]);
  expect(server.asked).toEqual([]);
});

test('the secret moves from the address into the tab, where a reload finds it', async () => {
  await page.goto(`${server.origin}/#${server.secret}`);
  await page.getByText('live').waitFor();
  expect(page.url()).toBe(`${server.origin}/`);
  await page.reload();
  await page.getByText('live').waitFor();
});

test('10,000 exchanges are a list of which only what can be seen is in the document', async () => {
  await page.getByText('10,000 exchanges').waitFor();
  await page.getByText(`page=${COUNT}`).waitFor();
  expect(await drawnRows()).toBeLessThan(200);
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(COUNT + 1));
  await page.locator('.list').evaluate((list) => list.scrollTo(0, 135_000));
  await page.getByText('/assets/module-5001.js').waitFor();
  expect(await drawnRows()).toBeLessThan(200);
});

test('what is in sight stays there when more comes, unless that is the end', async () => {
  const first = await page.locator('.list').evaluate((list) => list.scrollTop);
  const [added, next] = [cannedRow(COUNT + 1), cannedRow(COUNT + 2)];
  server.rows.push(added, next);
  server.send({ type: 'exchanges', exchanges: [added], dropped: 1, missed: 0 });
  // The page keeps as many as the environment does, so the oldest one went and everything moved up by one line.
  await page.getByText('1 older ones let go of').waitFor();
  await expect.poll(() => page.locator('.list').evaluate((list) => list.scrollTop)).toBe(first - 27);
  await page.getByRole('button', { name: 'Newest' }).click();
  await page.getByText(added.path).waitFor();
  server.send({ type: 'exchanges', exchanges: [next], dropped: 2, missed: 0 });
  await page.getByText(next.path).waitFor();
});

test('keys go through the list, open an exchange, and lead back', async () => {
  await page.locator('.list').focus();
  await pressed('End', 'k', 'k', 'ArrowUp', 'j');
  expect(await cursorRow()).toBe(cannedRow(COUNT).path);
  await pressed('Home', 'ArrowDown');
  expect(await cursorRow()).toBe(cannedRow(4).path);
  await pressed('Enter');
  await page.getByRole('tab', { name: 'Overview' }).waitFor();
  expect(new URL(page.url()).search).toBe('?exchange=x4');
  await pressed('j');
  await page.locator('.detail-url', { hasText: cannedRow(5).path }).waitFor();
  await pressed('Escape');
  await page.locator('.detail-pane').waitFor({ state: 'detached' });
  await pressed('/');
  await page.keyboard.type('page=9980 500');
  await page.getByText('1 of 10,000 exchanges').waitFor();
  await pressed('Enter');
  expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('grid');
  await pressed('/', 'Escape');
  await page.getByText(/^10,000 exchanges/).waitFor();
});

test('filters choose by method, status, host and verdicts', async () => {
  await page.getByRole('combobox', { name: 'Method' }).selectOption('POST');
  await page.getByRole('combobox', { name: 'Status' }).selectOption('4xx');
  await page.getByRole('combobox', { name: 'Host' }).selectOption('api.example.com');
  for (const name of ['Findings', 'Cookies', 'Across origins', 'Errors'])
    await page.getByRole('toolbar').getByRole('button', { name }).click();
  const wanted = server.rows
    .slice(2)
    .filter(
      (row) =>
        row.method === 'POST' &&
        row.status === 401 &&
        row.host === 'api.example.com' &&
        row.findings.length > 0 &&
        row.cors !== 'none',
    );
  await page.getByText(`${wanted.length} of 10,000 exchanges`).waitFor();
  await page.getByRole('button', { name: 'Reset' }).click();
});

test('a paused list says how many wait', async () => {
  await page.getByRole('button', { name: 'Pause' }).click();
  const added = cannedRow(COUNT + 3);
  server.rows.push(added);
  server.send({ type: 'exchanges', exchanges: [added], dropped: 3, missed: 0 });
  await page.getByText('paused: 1 more').waitFor();
  expect(await page.getByText(added.path).count()).toBe(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText(added.path).waitFor();
});

test('secrets are asked for only by the switch, and only for that exchange', async () => {
  await page.goto(`${server.origin}/?exchange=x9990`);
  await page.getByRole('tab', { name: 'Headers' }).click();
  await page.getByText('jwt-access-token=[hidden]').first().waitFor();
  expect(server.asked.filter((line) => line.includes('reveal'))).toEqual([]);
  await page.getByRole('switch', { name: 'Reveal' }).click();
  await page.getByText('jwt-access-token=the-real-value').waitFor();
  await page.locator('.list').focus();
  await pressed('j');
  await page.locator('.detail-url', { hasText: cannedRow(9991).path }).waitFor();
  await page.getByText('jwt-access-token=[hidden]').first().waitFor();
  expect(server.asked.filter((line) => line.includes('reveal'))).toEqual([
    'GET /inspector/exchange?id=x9990&reveal=1',
  ]);
});

test('tabs go by arrow keys, and each part of an exchange passes axe', async () => {
  await page.getByRole('tab', { name: 'Overview' }).click();
  for (const [at, part] of PARTS.entries()) {
    expect(await page.getByRole('tab', { selected: true }).last().getAttribute('id')).toBe(
      `detail-tab-${part}`,
    );
    expect({ part, problems: await axeProblems(page, '.detail-pane') }).toEqual({ part, problems: [] });
    if (at < PARTS.length - 1) await pressed('ArrowRight');
  }
});

test.for([
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'on a phone', options: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } },
] as const)('each view passes axe, $name, and nothing sticks out', async ({ options }) => {
  page = await newPage(options);
  await page.goto(`${server.origin}/?view=try#${server.secret}`);
  await page.getByRole('button', { name: 'Send POST' }).click();
  await page.getByText('CORS allowed').waitFor();
  for (const view of VIEWS.toReversed()) {
    await page.locator(`#view-tab-${view}`).click();
    await page.locator(`#view-panel[aria-labelledby="view-tab-${view}"]`).waitFor();
    await page.locator('.empty', { hasText: 'Reading' }).waitFor({ state: 'detached' });
    if (view === 'cookies') await page.getByText('Decoded token').first().click();
    expect({ view, problems: await axeProblems(page) }).toEqual({ view, problems: [] });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  }
});

test('on a phone the detail takes the place of the list, and Back leads back', async () => {
  await page.locator('.lines .row').last().click();
  await page.getByRole('tab', { name: 'Overview' }).waitFor();
  expect(await page.locator('.list').isVisible()).toBe(false);
  expect(await axeProblems(page)).toEqual([]);
  await page.goBack();
  await page.locator('.list').waitFor();
  expect(await page.locator('.detail-pane').count()).toBe(0);
});

test('a backend of the user’s own has neither outbox nor users nor forms, and the page says so', async () => {
  server.hasAuth.value = false;
  await page.goto(`${server.origin}/?view=outbox`);
  await page.getByText('No outbox').waitFor();
  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByText('No list of users').waitFor();
  await page.getByRole('tab', { name: 'Try it' }).click();
  await page.getByText('No forms').waitFor();
  server.hasAuth.value = true;
});

test('findings come in live, and clearing asks the server', async () => {
  await page.goto(`${server.origin}/?view=findings`);
  await page.getByText('3 times').waitFor();
  server.send({ type: 'finding', finding: { ...cannedFinding(), count: 4 } });
  await page.getByText('4 times').waitFor();
  server.send({ type: 'finding', finding: cannedFinding('GET /auth/user/') });
  await page.getByRole('tab', { name: 'Findings 2' }).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('No findings').waitFor();
  expect(server.asked).toContain('DELETE /findings');
});

test('a lost connection comes back by itself; an environment that ended is said to have', async () => {
  server.cut(false);
  await page.getByText('reconnecting').waitFor();
  await page.getByText('live').waitFor();
  server.cut(true);
  await page.getByText('The environment has ended.').waitFor();
  expect(await axeProblems(page)).toEqual([]);
});

test('the page is small, asks nobody else, and keeps to its policy', () => {
  const refused = said.filter((text) => /Content Security Policy|TrustedHTML|TypeError/.test(text));
  expect(refused).toEqual([]);
  expect(foreign).toEqual([]);
  expect([...server.served.keys()].toSorted()).toEqual([
    '/',
    '/favicon.svg',
    '/inspector.css',
    '/inspector.js',
  ]);
  const bytes = [...server.served.values()].reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(BUDGET);
});
