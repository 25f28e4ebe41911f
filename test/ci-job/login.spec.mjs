import { expect, test } from '@playwright/test';

/** The API's cookies. `up` sets one of its own beside them (README, "Findings": the canary). */
async function apiCookies(context) {
  const cookies = await context.cookies('https://api.example.com');
  return cookies.filter(({ name }) => name.startsWith('jwt-'));
}

test('logs in, stays logged in over a reload, and logs out', async ({ page, context }) => {
  await page.goto('/');
  const form = page.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill('alice');
  await form.getByLabel('Password').fill(process.env['JOB_PASSWORD'] ?? 'alice');
  await form.getByRole('button').click();
  await expect(page.locator('#who')).toContainText('Logged in as alice');
  const cookies = await apiCookies(context);
  expect(cookies.map(({ name, httpOnly, secure }) => [name, httpOnly, secure])).toEqual([
    ['jwt-access-token', true, true],
    ['jwt-refresh-token', true, true],
  ]);
  await page.reload();
  await expect(page.locator('#who')).toContainText('Logged in as alice');
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.locator('#who')).toHaveAttribute('data-state', 'out');
  expect(await apiCookies(context)).toEqual([]);
});

test('the API is reached from the test itself too', async ({ request }) => {
  const answer = await request.get('https://api.example.com/auth/user/');
  expect(answer.status()).toBe(401);
});
