import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { launchChromium } from '../helpers/browser.ts';
import { cleanEnv, runCli } from '../helpers/cli.ts';
import { startWatchedUp, type WatchedUp } from '../helpers/findings-up.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const says = (page: Page, text: string) => page.locator('#who', { hasText: text }).waitFor();

async function fillIn(page: Page, form: string, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page
      .locator(form)
      .getByLabel(label, { exact: label === 'Password' })
      .fill(value);
  await page.locator(form).getByRole('button').click();
}

async function chromium(home: string, { ready }: WatchedUp): Promise<Browser> {
  const browser = await launchChromium(home, ready.caFile, ['example.com', 'api.example.com']);
  onTestFinished(() => browser.close());
  return browser;
}

// What is in order must raise nothing, or nobody believes the rest.
test('a whole session on the demo page, in two tabs of a real browser, raises no finding', async () => {
  const home = await tempDir();
  const up = await startWatchedUp(inject('installedBin'), home, '--json');
  const context = await (await chromium(home, up)).newContext();
  const page = await context.newPage();
  await page.goto(up.ready.frontend);
  await page.locator('#who[data-state="out"]').waitFor();
  const passwords = { Password: 'plum-tart-7461', 'Password again': 'plum-tart-7461' };
  await fillIn(page, '#register-form', { Username: 'carol', 'E-mail': 'carol@example.com', ...passwords });
  await says(page, 'Logged in as carol');
  await page.reload();
  await says(page, 'Logged in as carol');
  for (let round = 0; round < 2; round += 1) {
    await page.getByRole('button', { name: 'Refresh tokens' }).click();
    await says(page, 'Tokens renewed');
    await page.getByRole('button', { name: 'Who am I?' }).click();
    await says(page, 'Logged in as carol');
  }
  const second = await context.newPage();
  await second.goto(up.ready.frontend);
  await says(second, 'Logged in as carol');
  await second.getByRole('button', { name: 'Log out' }).click();
  await says(second, 'Logged out');
  await says(page, 'Not logged in');
  await fillIn(page, '#login-form', { 'Username or e-mail': 'alice', Password: 'not her password' });
  await page.getByText('Unable to log in with provided credentials.').first().waitFor();
  await fillIn(page, '#login-form', { 'Username or e-mail': 'alice', Password: 'alice' });
  await says(page, 'Logged in as alice');

  // Their own probes shake hands with the proxy and leave again.
  const options = { bin: inject('installedBin'), cwd: home, env: cleanEnv(home) };
  for (let round = 0; round < 5; round += 1) expect((await runCli(['status'], options)).exitCode).toBe(0);
  await runCli(['doctor'], options);
  await page.getByRole('button', { name: 'Log out' }).click();
  await says(page, 'Logged out');

  expect(await up.report()).toEqual({ findings: [], skipped: 0 });
  expect(await up.stop()).toBe(0);
  expect(up.findings()).toEqual([]);
  expect(up.stderr()).not.toMatch(/finding|JD\d/);
});

// No rule but this one finds it with certainty: the browser itself says nothing at all.
test('a login that forgets its credentials is found in a real browser, by the canary', async () => {
  const home = await tempDir();
  const up = await startWatchedUp(inject('installedBin'), home, '--json');
  const context = await (await chromium(home, up)).newContext();
  const page = await context.newPage();
  await page.goto(up.ready.frontend);
  await page.locator('#who[data-state="out"]').waitFor();
  expect(await context.cookies(up.ready.api)).toMatchObject([
    { name: '__jwtdev', domain: '.example.com', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
  ]);
  expect(await page.evaluate('document.cookie')).toBe('');
  const login = `fetch('${up.ready.api}/auth/login/', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"username":"alice","password":"alice"}' }).then((answer) => answer.status)`;
  expect(await page.evaluate(login)).toBe(200);
  await vi.waitFor(() => expect(up.findings()).toHaveLength(1), { timeout: 20_000 });
  expect(up.findings()).toMatchObject([
    { code: 'JD102', host: 'api.example.com', evidence: expect.stringContaining('/auth/login/'), count: 1 },
  ]);
});

test('without the canary no cookie of ours is set', async () => {
  const home = await tempDir();
  const up = await startWatchedUp(inject('installedBin'), home, '--json', '--no-canary');
  const context = await (await chromium(home, up)).newContext();
  const page = await context.newPage();
  await page.goto(up.ready.frontend);
  await page.locator('#who[data-state="out"]').waitFor();
  expect(await context.cookies()).toEqual([]);
});

test('a browser that does not trust the CA is found by its alert', async () => {
  const home = await tempDir();
  const up = await startWatchedUp(inject('installedBin'), home, '--json');
  const browser = await launchChromium(path.join(home, 'stranger'), await otherCa(home), [
    'example.com',
    'api.example.com',
  ]);
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await expect(page.goto(up.ready.api)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  await vi.waitFor(() => expect(up.findings()).not.toEqual([]), { timeout: 20_000 });
  expect(up.findings()).toMatchObject([{ code: 'JD301', host: 'api.example.com' }]);
});

/** The CA of another home: one that says nothing about ours. */
async function otherCa(home: string): Promise<string> {
  const other = path.join(home, 'other');
  const { stdout } = await runCli(['certs', '--path'], {
    bin: inject('installedBin'),
    cwd: home,
    env: cleanEnv(other),
  });
  return stdout.trim();
}
