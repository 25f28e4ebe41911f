// Makes the pictures of the README from the running product: an environment of its own below a temporary home, a real
// Chromium that uses the demo page, and the inspector and the check page beside it.
//   npm run screenshots [-- --https-port 443]
// Needs Chromium (or JWT_DEV_TEST_CHROMIUM) and certutil (libnss3-tools). Writes *.png beside this file.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { configWith, makeTraffic, startLegacyBackend } from './demo-traffic.mjs';

const BIN = fileURLToPath(new URL('../../bin/jwt-dev.js', import.meta.url));
const { values: options } = parseArgs({ options: { 'https-port': { type: 'string', default: '0' } } });
const LIMIT_BYTES = 150_000;
const VIEWPORT = { width: 1060, height: 520 };

const home = mkdtempSync(path.join(os.tmpdir(), 'jwt-dev-screenshots-'));
const env = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' };

async function startEnvironment(port) {
  writeFileSync(path.join(home, 'jwt-dev.config.json'), JSON.stringify(configWith(port)));
  const child = spawn(
    process.execPath,
    [BIN, 'up', '--json', '--https-port', options['https-port'], '--http-port', 'none'],
    {
      cwd: home,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line);
    if (said.event !== 'ready') continue;
    child.stdout.resume();
    return { ...said, child };
  }
  throw new Error('The environment ended before it was ready.');
}

async function launchBrowser(caFile) {
  const database = path.join(home, '.pki', 'nssdb');
  mkdirSync(database, { recursive: true });
  execFileSync('certutil', ['-d', `sql:${database}`, '-N', '--empty-password'], { env });
  execFileSync('certutil', ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'screenshots', '-i', caFile], {
    env,
  });
  return chromium.launch({
    executablePath: process.env.JWT_DEV_TEST_CHROMIUM ?? '/usr/bin/chromium',
    env,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--host-resolver-rules=MAP example.com 127.0.0.1, MAP api.example.com 127.0.0.1',
    ],
  });
}

async function photograph(browser, ready, colorScheme) {
  const context = await browser.newContext({ viewport: VIEWPORT, colorScheme });
  const page = await context.newPage();
  const save = async (name) => {
    const file = fileURLToPath(new URL(`${name}-${colorScheme}.png`, import.meta.url));
    await page.screenshot({ path: file, animations: 'disabled' });
    const { size } = statSync(file);
    process.stdout.write(`${path.basename(file)}  ${Math.round(size / 1000)} kB\n`);
    if (size > LIMIT_BYTES) throw new Error(`${file} is larger than ${LIMIT_BYTES} bytes`);
  };

  await page.goto(ready.inspector);
  await page.locator('.lines .row', { hasText: '/legacy/theme' }).click();
  await page.locator('#detail-tab-cors').click();
  await page.locator('.steps').waitFor();
  await save('exchange');
  await page.locator('#view-tab-findings').click();
  await page.locator('.finding').first().waitFor();
  await save('findings');
  await page.goto(`${ready.frontend}/__jwt-dev/check`);
  await page.getByRole('button', { name: /copy/i }).first().waitFor();
  await page.waitForLoadState('networkidle');
  await save('check');
  await context.close();
}

const legacy = await startLegacyBackend();
let ready;
let browser;
try {
  ready = await startEnvironment(legacy.port);
  browser = await launchBrowser(ready.caFile);
  const context = await browser.newContext();
  const site = await context.newPage();
  await makeTraffic(site, ready);
  for (const colorScheme of ['light', 'dark']) await photograph(browser, ready, colorScheme);
} finally {
  await browser?.close();
  if (ready !== undefined && ready.child.exitCode === null) {
    ready.child.kill('SIGINT');
    await once(ready.child, 'exit');
  }
  await legacy.close();
  rmSync(home, { recursive: true, force: true });
}
