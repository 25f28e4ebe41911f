import { type BrowserContext, expect, type Page, test } from '@playwright/test';

const API = process.env.JWT_DEV_API_URL ?? 'https://api.example.com';
const ACCESS = 'jwt-access-token';
const PASSWORD = 'correct horse battery';

async function register(page: Page): Promise<string> {
  const name = `user-${Date.now()}-${test.info().parallelIndex}`;
  await page.goto('/');
  const form = page.locator('#register-form');
  await form.getByLabel('Username').fill(name);
  await form.getByLabel('E-mail').fill(`${name}@example.com`);
  await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await form.getByLabel('Password again').fill(PASSWORD);
  await form.getByRole('button').click();
  await expectLoggedIn(page, name);
  return name;
}

const expectLoggedIn = (page: Page, name: string) =>
  expect(page.getByRole('status')).toHaveText(`Logged in as ${name}`);

const expectLoggedOut = (page: Page) => expect(page.getByRole('status')).toHaveAttribute('data-state', 'out');

async function accessToken(context: BrowserContext): Promise<string | undefined> {
  return (await context.cookies(API)).find(({ name }) => name === ACCESS)?.value;
}

test('registers, logs out, logs in, and stays logged in over a reload', async ({ page }) => {
  const name = await register(page);
  await page.getByRole('button', { name: 'Log out' }).click();
  await expectLoggedOut(page);
  const form = page.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill(name);
  await form.getByLabel('Password').fill(PASSWORD);
  await form.getByRole('button').click();
  await expectLoggedIn(page, name);
  await page.reload();
  await expectLoggedIn(page, name);
});

test('an access token that has run out is renewed without anybody noticing', async ({ page, context }) => {
  const name = await register(page);
  // jwt-dev.test.json gives access tokens a few seconds. The browser drops the cookie when they are over.
  await expect.poll(() => accessToken(context), { timeout: 15_000 }).toBeUndefined();
  await page.reload();
  await expectLoggedIn(page, name);
});

test('two tabs that refresh at once both stay logged in', async ({ page, context }) => {
  const name = await register(page);
  const other = await context.newPage();
  await other.goto('/');
  await expectLoggedIn(other, name);
  await context.clearCookies({ name: ACCESS });
  await Promise.all([page.reload(), other.reload()]);
  await Promise.all([expectLoggedIn(page, name), expectLoggedIn(other, name)]);
});

test('logging out in one tab logs out all of them', async ({ page, context }) => {
  const name = await register(page);
  const other = await context.newPage();
  await other.goto('/');
  await expectLoggedIn(other, name);
  await page.getByRole('button', { name: 'Log out' }).click();
  await Promise.all([expectLoggedOut(page), expectLoggedOut(other)]);
  await expect.poll(async () => (await context.cookies(API)).length).toBe(0);
});
