import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { launchChromium } from '../helpers/browser.ts';
import { cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { processesOf } from '../helpers/processes.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { E2E, initProject, install, snapshot } from '../helpers/template-project.ts';

/** The links of the bundled API's outbox, opened in the frontend. */
const MAIL_SPEC = `
import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';

test('the links in mails lead to pages that confirm the address and set a new password', async ({ page, context }) => {
  const email = 'mail@example.com';
  const link = (type: string) =>
    execFileSync('npx', [
      ...['jwt-dev', 'outbox', '--config', 'jwt-dev.test.json', '--to', email, '--type', type],
      ...['--wait', '30s', '--last', '--link'],
    ]).toString().trim();
  await page.goto('/register');
  await page.getByLabel('Username').fill('mail-reader');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('the old pass phrase');
  await page.getByLabel('Password again').fill('the old pass phrase');
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('status')).toHaveText('Logged in as mail-reader');
  await page.goto(link('confirm-email'));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('Your address is confirmed.')).toBeVisible();

  await page.getByRole('button', { name: 'Log out' }).click();
  // To leave the page at once would break the log-out off.
  await expect(page.getByRole('button', { name: 'Log out' })).toBeHidden();
  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send a link' }).click();
  await expect(page.getByText('a mail with a link is on its way')).toBeVisible();
  await page.goto(link('reset-password'));
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByLabel('New password again').fill('short');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('alert')).toContainText('too short');
  await page.getByLabel('New password', { exact: true }).fill('the new pass phrase');
  await page.getByLabel('New password again').fill('the new pass phrase');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('link', { name: 'Log in with it' }).click();
  await page.getByLabel('Username or e-mail').fill(email);
  await page.getByLabel('Password').fill('the new pass phrase');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('status')).toHaveText('Logged in as mail-reader');
});
`;

test.each([
  { name: 'react', specs: 7, builds: true },
  { name: 'vue', specs: 7, builds: true },
  { name: 'vanilla', specs: 6, builds: false },
])(
  '$name: created, installed, type-checked, built, and used in a browser through up',
  async (template) => {
    const home = await tempDir();
    const project = await initProject(home, [template.name]);
    await install(project);
    if (template.builds) {
      await project.sh('npm run build');
      expect(await readFile(path.join(project.dir, 'dist/index.html'), 'utf8')).toContain('assets/');
    }
    await project.sh('npx jwt-dev trust --store chromium');
    if (template.builds) await writeFile(path.join(project.dir, 'e2e/mail.spec.ts'), MAIL_SPEC);
    const output = await project.sh(E2E);
    expect(output).toContain(`${template.specs} passed`);
    // What `up` finds in its traffic stands in the output too: in that of a template there is nothing to find.
    expect(output).not.toMatch(/\bJD\d{3}\b.*/);
    expect(await processesOf(home)).toEqual([]);
  },
  300_000,
);

test.each(['react', 'vue', 'vanilla', 'express', 'django'])(
  '%s: a second init changes nothing, and says so',
  async (name) => {
    const home = await tempDir();
    const { dir } = await initProject(home, [name, 'github-actions', 'gitlab-ci', 'compose']);
    const before = await snapshot(dir);
    const args = ['init', '--yes', '--template', name, '--template', 'github-actions,gitlab-ci,compose'];
    const options = { bin: inject('installedBin'), cwd: dir, env: cleanEnv(home) };
    const again = await runCli([...args, '--json'], options);
    expect(again.exitCode).toBe(0);
    const { files } = JSON.parse(again.stdout) as { files: { action: string }[] };
    expect(new Set(files.map((file) => file.action))).toEqual(new Set(['unchanged']));
    expect((await runCli(args, options)).stdout).toContain('Everything is there already');
    expect(await snapshot(dir)).toEqual(before);
  },
);

test('vanilla: on another port than 443 the page finds the API there, without an edit', async () => {
  const home = await tempDir();
  const { dir } = await initProject(home, ['vanilla']);
  const up = await startUp(['--https-port', '0', '--http-port', '0'], {
    bin: inject('installedBin'),
    cwd: dir,
    env: cleanEnv(home),
  });
  onTestFinished(async () => void (await up.stop()));
  const browser = await launchChromium(path.join(home, 'browser'), up.ready.caFile, [
    'example.com',
    'api.example.com',
  ]);
  onTestFinished(() => browser.close());
  expect(up.ready.api).not.toBe('https://api.example.com');
  const page = await browser.newPage();
  await page.goto(up.ready.frontend);
  const form = page.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill('alice');
  await form.getByLabel('Password').fill('alice');
  await form.getByRole('button').click();
  await page.locator('#who', { hasText: 'Logged in as alice' }).waitFor();
  expect(await page.locator('#api-origin').textContent()).toBe(up.ready.api);
});
