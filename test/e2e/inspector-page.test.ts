import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { axeProblems } from '../helpers/axe.ts';
import { launchChromium } from '../helpers/browser.ts';
import { cleanEnv, type RunningUp, startUp } from '../helpers/cli.ts';
import {
  configWith,
  type LegacyBackend,
  makeTraffic,
  startLegacyBackend,
} from '../screenshots/demo-traffic.mjs';

// The inspector of the installed package, opened before anything happens; beside it a browser uses the demo page.
let home: string;
let legacy: LegacyBackend;
let up: RunningUp;
let browser: Browser;
let context: BrowserContext;
let site: Page;
let inspector: Page;
const said: string[] = [];

const row = (text: string): Locator => inspector.locator('.lines .row', { hasText: text });
const tab = (id: string): Locator => inspector.locator(`#detail-tab-${id}`);
const panel = (): Locator => inspector.locator('.detail-part');
const openRow = async (text: string): Promise<void> => {
  await row(text).last().click();
  await tab('overview').click();
};
/** The refresh token of the browser's real jar: it must stand nowhere unless it was asked for. */
const refreshToken = async (): Promise<string> =>
  (await context.cookies(up.ready.api)).find(({ name }) => name === 'jwt-refresh-token')?.value ?? '';

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-inspector-'));
  legacy = await startLegacyBackend();
  await writeFile(path.join(home, 'jwt-dev.config.json'), JSON.stringify(configWith(legacy.port)));
  up = await startUp(['--https-port', '0', '--http-port', 'none'], {
    bin: inject('installedBin'),
    cwd: home,
    env: cleanEnv(home),
  });
  browser = await launchChromium(home, up.ready.caFile, ['example.com', 'api.example.com']);
  context = await browser.newContext();
  site = await context.newPage();
  const own = await browser.newContext();
  await own.addInitScript({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  inspector = await own.newPage();
  inspector.on('console', (message) => said.push(message.text()));
  inspector.on('pageerror', (error) => said.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  await up?.stop();
  await legacy?.close();
  await rm(home, { recursive: true, force: true });
});

test('the printed address opens the page, and what a browser does shows up while it does it', async () => {
  const { inspector: url } = up.ready as RunningUp['ready'] & { readonly inspector: string };
  await inspector.goto(url);
  await inspector.getByText('live').waitFor();
  await inspector.getByText('No exchanges yet').waitFor();
  expect(inspector.url()).toBe(new URL('/', url).href);
  await makeTraffic(site, up.ready);
  await row('/legacy/theme').waitFor();
  await row('/auth/login/').first().waitFor();
});

test('a login: its cookies with their verdicts, the decision of CORS, the tokens, both bodies', async () => {
  await row('/auth/login/').filter({ hasText: '2 stored' }).last().click();
  await tab('cookies').click();
  await panel().getByText('jwt-refresh-token').first().waitFor();
  expect(await panel().locator('.mark', { hasText: 'stored' }).count()).toBeGreaterThanOrEqual(2);
  await tab('cors').click();
  expect(await panel().locator('.steps > li').count()).toBeGreaterThan(1);
  expect(await panel().locator('.mark.bad').count()).toBe(0);
  await tab('tokens').click();
  await panel().getByText('user_id').first().waitFor();
  await panel()
    .getByText(/ left$/)
    .first()
    .waitFor();
  await tab('headers').click();
  await panel().getByText('access-control-allow-credentials').first().waitFor();
  await tab('bodies').click();
  await panel().getByText('"username": "alice"').first().waitFor();
  expect(await axeProblems(inspector)).toEqual([]);
});

test('secrets are there only once they were asked for', async () => {
  const refresh = await refreshToken();
  await openRow('/auth/token/refresh/');
  await tab('headers').click();
  await panel().getByText('set-cookie').first().waitFor();
  expect(await inspector.content()).not.toContain(refresh);
  await inspector.getByRole('switch', { name: 'Reveal' }).click();
  await panel().getByText(refresh).first().waitFor();
});

test('a refused cookie and a blocked answer say why', async () => {
  await openRow('/legacy/theme');
  await tab('cookies').click();
  const refused = panel().locator('.card', { hasText: 'theme' });
  await refused.getByText('refused').waitFor();
  await refused.getByText('InvalidDomain').first().waitFor();
  await tab('cors').click();
  await panel().locator('.mark', { hasText: 'failed' }).first().waitFor();
  await tab('findings').click();
  await panel().getByText('JD201').first().waitFor();
  expect(await axeProblems(inspector)).toEqual([]);
});

test('findings, with what caused them and links to the exchanges', async () => {
  await inspector.locator('#view-tab-findings').click();
  for (const code of ['JD102', 'JD201', 'JD440'])
    await inspector.locator('.finding', { hasText: code }).first().waitFor();
  expect(await axeProblems(inspector)).toEqual([]);
  await inspector.locator('.finding', { hasText: 'JD201' }).first().locator('.exchange-link').first().click();
  await inspector.locator('.detail-url', { hasText: '/legacy/theme' }).waitFor();
  await inspector.goBack();
  await inspector.locator('.finding').first().waitFor();
});

test('the jar of the browser as it really is', async () => {
  await inspector.locator('#view-tab-cookies').click();
  const real = (await context.cookies(up.ready.api))
    .map(({ name }) => name)
    .filter((name) => name !== '__jwtdev');
  expect(real.toSorted()).toEqual(['jwt-access-token', 'jwt-refresh-token']);
  for (const name of real) await inspector.locator('.cookie', { hasText: name }).first().waitFor();
  expect(await inspector.locator('.cookie', { hasText: 'theme' }).count()).toBe(0);
  const refresh = inspector.locator('.cookie', { hasText: 'jwt-refresh-token' }).first();
  await refresh.getByText('HttpOnly').waitFor();
  await refresh.locator('.exchange-link', { hasText: '/auth/token/refresh/' }).waitFor();
  expect(await inspector.content()).not.toContain(await refreshToken());
  expect(await axeProblems(inspector)).toEqual([]);
});

test('the mail has a link to the frontend', async () => {
  await inspector.locator('#view-tab-outbox').click();
  const link = inspector.locator('.mail-text a').first();
  await link.waitFor();
  expect(await link.getAttribute('rel')).toContain('noopener');
  expect(new URL((await link.getAttribute('href')) ?? '').origin).toBe(up.ready.frontend);
  expect(await axeProblems(inspector)).toEqual([]);
});

test('users with their passwords, and everybody who is stored', async () => {
  await inspector.locator('#view-tab-users').click();
  const personas = inspector.getByRole('region', { name: 'Users to log in with' });
  for (const { username, password } of up.ready.users)
    await personas
      .locator('tr', { hasText: username })
      .getByText(password, { exact: true })
      .first()
      .waitFor();
  await inspector.getByRole('region', { name: 'All users' }).getByText('alice@example.com').waitFor();
  expect(await axeProblems(inspector)).toEqual([]);
});

test('a form logs in, and its own jar holds the cookies', async () => {
  await inspector.locator('#view-tab-try').click();
  await inspector.getByRole('button', { name: 'bob' }).click();
  await inspector.getByRole('button', { name: 'Send POST' }).click();
  const answer = inspector.getByRole('region', { name: 'Answer' });
  await answer.getByText('CORS allowed').waitFor();
  await answer.locator('.mark', { hasText: 'stored' }).first().waitFor();
  await inspector.getByRole('button', { name: 'GET Who am I' }).click();
  await inspector.getByRole('button', { name: 'Send GET' }).click();
  await answer.getByText('"username": "bob"').waitFor();
  expect(await axeProblems(inspector)).toEqual([]);
  expect(said).toEqual([]);
});

test('when the environment ends, the page says so', async () => {
  expect(await up.stop()).toBe(0);
  await inspector.getByText('The environment has ended.').waitFor({ timeout: 60_000 });
});
