import { defineConfig } from '@playwright/test';

// Set by `jwt-dev up -- playwright test`: where the frontend is and, without root, the proxy that knows its names.
const { JWT_DEV_FRONTEND_URL, JWT_DEV_PROXY, CHROMIUM } = process.env;

export default defineConfig({
  testDir: 'e2e',
  forbidOnly: process.env.CI !== undefined,
  reporter: 'line',
  // CI machines are slow when they start; a dev server compiles what is first asked for.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: JWT_DEV_FRONTEND_URL ?? 'https://example.com',
    trace: 'retain-on-failure',
    ...(JWT_DEV_PROXY === undefined ? {} : { proxy: { server: JWT_DEV_PROXY } }),
    // A browser of the machine instead of Playwright's own: CHROMIUM=/usr/bin/chromium
    ...(CHROMIUM === undefined ? {} : { launchOptions: { executablePath: CHROMIUM } }),
  },
});
