// How long a page of 1,000 small modules takes in a real Chromium, behind Caddy and behind ours: as a dev server sends them
// (each with an ETag, to be asked for every time), cold (nothing cached, no connection) and warm (all answers are 304).
//   npm run build && node bench/page.mjs [--rounds 5] [--latency 0,5,20] [--node /path/to/node]
// Needs caddy, Chromium (or JWT_DEV_TEST_CHROMIUM) and certutil (libnss3-tools). The latency is that of each answer of the
// upstream, in milliseconds. The figures are milliseconds until the last module has run, medians; "x Caddy" is the median
// of the ratios of each round. `--node`: the Node that runs ours.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { aim, median, medianRatio, table, times } from './support/figures.mjs';
import { bench, run, temporaryDirectory } from './support/processes.mjs';
import { HOST, makeCertificates, startCaddy, startOurs } from './support/proxies.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    latency: { type: 'string', default: '0,5,20' },
    node: { type: 'string', default: process.execPath },
  },
});
const MODULES = 1000;
const CHILDREN = 10;
const AIM = 1.05;

/** A tree: each module imports ten more, so that the browser learns of them level by level, as in an application. */
function moduleText(number) {
  const first = number * CHILDREN + 1;
  const children = Array.from({ length: CHILDREN }, (_, at) => first + at).filter((one) => one < MODULES);
  const imports = children.map((child) => `import { sum as s${child} } from './m${child}.js';\n`).join('');
  const sum = ['1', ...children.map((child) => `s${child}`)].join(' + ');
  const end = number === 0 ? 'globalThis.loaded = { at: performance.now(), sum };\n' : '';
  return `${imports}// ${'x'.repeat(500)}\nexport const sum = ${sum};\n${end}`;
}

/** The development server; `latency.ms` may be changed at any time. */
async function startUpstream(latency) {
  const files = new Map([
    ['/', { type: 'text/html', text: '<!doctype html><script type="module" src="/m0.js"></script>' }],
  ]);
  for (let number = 0; number < MODULES; number += 1)
    files.set(`/m${number}.js`, { type: 'text/javascript', text: moduleText(number) });
  for (const file of files.values()) file.etag = `"${createHash('sha1').update(file.text).digest('hex')}"`;
  const answer = (request, response) => {
    const file = files.get(request.url);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const known = request.headers['if-none-match'] === file.etag;
    response.writeHead(known ? 304 : 200, {
      etag: file.etag,
      'cache-control': 'no-cache',
      ...(known ? {} : { 'content-type': file.type, 'content-length': Buffer.byteLength(file.text) }),
    });
    response.end(known ? undefined : file.text);
  };
  const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (latency.ms === 0) answer(request, response);
    else setTimeout(answer, latency.ms, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A Chromium with a home of its own that trusts our CA. Without that it would cache nothing. */
async function launchBrowser(ca) {
  const home = temporaryDirectory();
  const nssdb = path.join(home, '.pki', 'nssdb');
  mkdirSync(nssdb, { recursive: true });
  await run('certutil', ['-d', `sql:${nssdb}`, '-N', '--empty-password']);
  await run('certutil', ['-d', `sql:${nssdb}`, '-A', '-t', 'C,,', '-n', 'bench', '-i', ca]);
  return chromium.launch({
    executablePath: process.env.JWT_DEV_TEST_CHROMIUM ?? '/usr/bin/chromium',
    env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' },
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
    ],
  });
}

async function load(page, url) {
  await page.goto(url);
  const { at, sum } = await (await page.waitForFunction('globalThis.loaded')).jsonValue();
  if (sum !== MODULES) throw new Error(`${sum} of ${MODULES} modules were loaded`);
  return at;
}

/** A context has a cache and connections of its own. */
async function coldAndWarm(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cold = await load(page, url);
  const warm = await load(page, url);
  await context.close();
  return { cold, warm };
}

await bench(async () => {
  const directory = temporaryDirectory();
  const certificates = await makeCertificates(directory);
  const latency = { ms: 0 };
  const upstream = await startUpstream(latency);
  const { port } = upstream.address();
  const proxies = {
    Caddy: await startCaddy({ directory, certificates, upstream: port }),
    ours: await startOurs({ directory, frontend: port, node: options.node }),
  };
  const browser = await launchBrowser(certificates.ca);
  const version = (await run(options.node, ['--version'])).trim();
  process.stdout.write(
    `Chromium ${browser.version()}, ours on Node ${version}, load ${os.loadavg()[0].toFixed(1)}\n`,
  );
  const rows = [['upstream latency', 'load', 'Caddy ms', 'ours ms', 'x Caddy']];
  let aims = '';
  // The first round warms up and is left out.
  for (const ms of options.latency.split(',').map(Number)) {
    latency.ms = ms;
    const loads = { cold: { Caddy: [], ours: [] }, warm: { Caddy: [], ours: [] } };
    for (let round = 0; round <= Number(options.rounds); round += 1) {
      // Who is first changes: the second may find a warmer machine.
      const names = round % 2 === 0 ? ['Caddy', 'ours'] : ['ours', 'Caddy'];
      for (const name of names) {
        const { cold, warm } = await coldAndWarm(browser, `https://${HOST}:${proxies[name].port}/`);
        if (round === 0) continue;
        loads.cold[name].push(cold);
        loads.warm[name].push(warm);
      }
    }
    for (const [kind, { Caddy, ours }] of Object.entries(loads)) {
      const ratio = medianRatio(ours, Caddy);
      rows.push([`${ms} ms`, kind, median(Caddy).toFixed(0), median(ours).toFixed(0), times(ratio)]);
      aims += aim(`${kind}, ${ms} ms: <= ${AIM} x Caddy`, times(ratio), ratio <= AIM);
    }
  }
  process.stdout.write(`${table(rows)}\n${aims}`);
  await browser.close();
  upstream.close();
  upstream.closeAllConnections();
});
