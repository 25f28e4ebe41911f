import { defineConfig } from '@playwright/test';

const executablePath = process.env['JOB_CHROMIUM'];

export default defineConfig({
  reporter: 'line',
  // A job that is to fail need not wait as long as one that is to pass.
  expect: { timeout: Number(process.env['JOB_EXPECT_MS'] ?? 5_000) },
  use: {
    baseURL: process.env['JWT_DEV_FRONTEND_URL'] ?? 'https://example.com',
    // The forward proxy of `jwt-dev up --rootless`: it knows our names and nothing else.
    ...(process.env['JWT_DEV_PROXY'] === undefined
      ? {}
      : { proxy: { server: process.env['JWT_DEV_PROXY'] } }),
    launchOptions: {
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
});
