import { type BrowserContext, expect, type Page, test } from '@playwright/test';

const API = process.env.JWT_DEV_API_URL ?? 'https://api.example.com';
const ACCESS = 'jwt-access-token';
const PASSWORD = 'correct horse battery';

let count = 0;
const newName = () => `user-${Date.now()}-${test.info().parallelIndex}-${(count += 1)}`;

async function register(page: Page): Promise<string> {
  const name = newName();
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

/** The two cookies of the tokens. A backend may have others of its own. */
async function tokenCookies(context: BrowserContext) {
  return (await context.cookies(API)).filter(({ name }) => name.startsWith('jwt-'));
}

async function accessToken(context: BrowserContext): Promise<string | undefined> {
  return (await tokenCookies(context)).find(({ name }) => name === ACCESS)?.value;
}

/** The refreshes of all tabs: what the API answered to each. */
function watchRefreshes(context: BrowserContext): number[] {
  const answers: number[] = [];
  context.on('response', (response) => {
    const isRefresh = response.url().endsWith('/token/refresh/') && response.request().method() === 'POST';
    if (isRefresh) answers.push(response.status());
  });
  return answers;
}

test('registers, logs out, logs in, and stays logged in over a reload', async ({ page, context }) => {
  const name = await register(page);
  await page.getByRole('button', { name: 'Log out' }).click();
  await expectLoggedOut(page);
  const form = page.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill(name);
  await form.getByLabel('Password').fill('wrong');
  await form.getByRole('button').click();
  await expect(form.getByRole('alert')).toContainText('Unable to log in');
  await form.getByLabel('Password').fill(PASSWORD);
  await form.getByRole('button').click();
  await expectLoggedIn(page, name);
  await page.reload();
  await expectLoggedIn(page, name);

  const cookies = await tokenCookies(context);
  expect(cookies.map((cookie) => cookie.name)).toContain('jwt-refresh-token');
  expect(cookies.every((cookie) => cookie.httpOnly && cookie.secure)).toBe(true);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('an access token that has run out is renewed without anybody noticing', async ({ page, context }) => {
  const name = await register(page);
  const refreshes = watchRefreshes(context);
  // jwt-dev.test.json gives access tokens a few seconds. The browser drops the cookie when they are over.
  await expect.poll(() => accessToken(context), { timeout: 15_000 }).toBeUndefined();
  await page.reload();
  await expectLoggedIn(page, name);
  expect(refreshes).toEqual([200]);
});

test('two tabs that refresh at once both stay logged in', async ({ page, context }) => {
  const name = await register(page);
  const other = await context.newPage();
  await other.goto('/');
  await expectLoggedIn(other, name);
  const refreshes = watchRefreshes(context);
  await context.clearCookies({ name: ACCESS });
  await Promise.all([page.reload(), other.reload()]);
  await Promise.all([expectLoggedIn(page, name), expectLoggedIn(other, name)]);
  expect(refreshes.length).toBeGreaterThan(0);
  expect(refreshes.every((status) => status === 200)).toBe(true);
  await page.reload();
  await expectLoggedIn(page, name);
});

test('calls of one page that find the access token gone share one refresh', async ({ page, context }) => {
  await register(page);
  const refreshes = watchRefreshes(context);
  let refused = 0;
  page.on('requestfinished', async (request) => {
    if (request.url().endsWith('/user/') && (await request.response())?.status() === 401) refused += 1;
  });
  // The refresh waits until each of the calls has been refused.
  await page.route('**/token/refresh/', async (route) => {
    await expect.poll(() => refused).toBe(3);
    await route.continue();
  });
  await context.clearCookies({ name: ACCESS });
  const answers = await page.evaluate(async (apiUrl) => {
    const { createApi } = await import(`${location.origin}/api.js`);
    const api = createApi(apiUrl);
    const calls = [1, 2, 3].map(async () => (await api.call('GET', 'user/')).status);
    return Promise.all(calls);
  }, `${API}/auth/`);
  expect(answers).toEqual([200, 200, 200]);
  expect(refreshes).toEqual([200]);
});

test('when the refresh token is gone too, one refresh is tried and no more', async ({ page, context }) => {
  await register(page);
  const refreshes = watchRefreshes(context);
  await context.clearCookies();
  await page.reload();
  await expectLoggedOut(page);
  expect(refreshes).toEqual([401]);
});

test('logging out in one tab logs out all of them', async ({ page, context }) => {
  const name = await register(page);
  const other = await context.newPage();
  await other.goto('/');
  await expectLoggedIn(other, name);
  await page.getByRole('button', { name: 'Log out' }).click();
  await Promise.all([expectLoggedOut(page), expectLoggedOut(other)]);
  await expect.poll(async () => (await tokenCookies(context)).length).toBe(0);
  await other.reload();
  await expectLoggedOut(other);
});
