// How the inspector's page does with 10,000 exchanges recorded in the running product: its bytes, the time until the list
// stands and takes keys, and long tasks (over 50 ms, W3C Long Tasks) while it is scrolled from one end to the other.
//   npm run build && node bench/inspector.mjs [--exchanges 10000] [--rounds 5]
// Needs Chromium (or JWT_DEV_TEST_CHROMIUM). Times are milliseconds from the start of the navigation, medians.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { aim, median, table } from './support/figures.mjs';
import { bench, start, stop, temporaryDirectory } from './support/processes.mjs';

const { values: options } = parseArgs({
  options: { exchanges: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '5' } },
});
const EXCHANGES = Number(options.exchanges);
const AT_ONCE = 32;
const BIN = fileURLToPath(new URL('../bin/jwt-dev.js', import.meta.url));
const BYTES = 150_000;
const INTERACTIVE_MS = 300;

async function startEnvironment(home) {
  const args = [BIN, 'up', '--json', '--https-port', '0', '--http-port', 'none'];
  const env = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' };
  const child = start(process.execPath, args, { cwd: home, env });
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line);
    if (said.event !== 'ready') continue;
    child.stdout.resume();
    return { ...said, child };
  }
  throw new Error(`up ended before it was ready:\n${child.log}`);
}

/** As a page of the frontend asks the API: across origins, half of the requests refused. */
async function makeExchanges({ api, frontend, caFile }) {
  const agent = new https.Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: readFileSync(caFile) });
  const { host, hostname, port } = new URL(api);
  let next = 0;
  const ask = (number) =>
    new Promise((resolve, reject) => {
      const where = { host: '127.0.0.1', port: port || 443, servername: hostname, agent };
      const headers = { host, origin: frontend, 'user-agent': 'Chrome/156.0.0.0', cookie: `visit=${number}` };
      https
        .get({ ...where, path: `/auth/user/?number=${number}`, headers }, (response) =>
          response.resume().once('end', resolve),
        )
        .once('error', reject);
    });
  const worker = async () => {
    while (next < EXCHANGES) {
      next += 1;
      await ask(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
}

/** Runs in the page before its own script: notes long tasks, and when the list had its rows and the next frame was drawn. */
function observe() {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      globalThis.longTasks.push({ startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (globalThis.document.querySelector('.lines .row') === null) requestAnimationFrame(look);
    else setTimeout(() => (globalThis.interactiveAt = performance.now()));
  };
  requestAnimationFrame(look);
}

async function visit(browser, { inspector }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(observe);
  const page = await context.newPage();
  let bytes = 0;
  page.on('response', async (response) => {
    if (new URL(response.url()).pathname.startsWith('/inspector/')) return;
    const { length } = await response.body();
    bytes += length;
  });
  await page.goto(inspector);
  const interactive = await (await page.waitForFunction(() => globalThis.interactiveAt)).jsonValue();
  const count = EXCHANGES.toLocaleString('en-GB');
  await page.getByText(`${count} exchanges`).waitFor();
  const complete = await page.evaluate(() => performance.now());
  const whileLoading = await page.evaluate(() => globalThis.longTasks.splice(0));
  const rows = await page.locator('.lines .row').count();
  await scroll(page);
  const whileScrolling = await page.evaluate(() => globalThis.longTasks.splice(0));
  await context.close();
  return { bytes, interactive, complete, rows, whileLoading, whileScrolling };
}

/** From the end to the beginning in three seconds, a step each frame; then by the wheel as a person does. */
async function scroll(page) {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const list = globalThis.document.querySelector('.list');
        const [from, begun] = [list.scrollTop, performance.now()];
        const step = () => {
          const part = Math.min(1, (performance.now() - begun) / 3000);
          list.scrollTop = from * (1 - part);
          if (part < 1) requestAnimationFrame(step);
          else resolve();
        };
        step();
      }),
  );
  await page.locator('.list').hover();
  for (let turn = 0; turn < 30; turn += 1) await page.mouse.wheel(0, 900);
}

await bench(async () => {
  const home = temporaryDirectory();
  const environment = await startEnvironment(home);
  await makeExchanges(environment);
  const browser = await chromium.launch({
    executablePath: process.env.JWT_DEV_TEST_CHROMIUM ?? '/usr/bin/chromium',
    env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' },
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  process.stdout.write(
    `Chromium ${browser.version()}, Node ${process.version}, ${EXCHANGES} exchanges, load ${os.loadavg()[0].toFixed(1)}\n`,
  );
  const visits = [];
  // The first visit is kept: it is the one that has the verdicts made.
  for (let round = 0; round < Number(options.rounds); round += 1)
    visits.push(await visit(browser, environment));
  await browser.close();
  await stop(environment.child);
  const longest = (tasks) => Math.round(Math.max(0, ...tasks.map(({ duration }) => duration)));
  process.stdout.write(
    table([
      [
        'visit',
        'interactive ms',
        'complete ms',
        'rows',
        'long tasks loading',
        'longest',
        'scrolling',
        'longest',
      ],
      ...visits.map(({ interactive, complete, rows, whileLoading, whileScrolling }, at) => [
        String(at + 1),
        interactive.toFixed(0),
        complete.toFixed(0),
        String(rows),
        String(whileLoading.length),
        String(longest(whileLoading)),
        String(whileScrolling.length),
        String(longest(whileScrolling)),
      ]),
    ]),
  );
  const interactive = median(visits.map((each) => each.interactive));
  const scrolling = median(visits.map((each) => each.whileScrolling.length));
  const [{ bytes }] = visits;
  process.stdout.write(aim(`page < ${BYTES / 1000} kB`, `${(bytes / 1000).toFixed(1)} kB`, bytes < BYTES));
  process.stdout.write(
    aim(`interactive < ${INTERACTIVE_MS} ms`, `${interactive.toFixed(0)} ms`, interactive < INTERACTIVE_MS),
  );
  process.stdout.write(aim('no long task while scrolling', String(scrolling), scrolling === 0));
});
