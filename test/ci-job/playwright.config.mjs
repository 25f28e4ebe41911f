import { defineConfig } from '@playwright/test';

const executablePath = process.env['JOB_CHROMIUM'];

export default defineConfig({
  reporter: 'line',
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
