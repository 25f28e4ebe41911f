// The speed of the bundled auth API.
//   npm run build && node bench/auth.mjs [--rounds 5] [--seconds 2] [--logins 50] [--node /path/to/node]
// Needs h2load (nghttp2-client) and taskset. `--node`: the Node that runs the servers.
// 1. `GET /auth/user/` with a good cookie, 16 kept-alive connections, without a proxy, the server on one core: with the
//    SQLite store, with its question to the store left out, and a bare Express route that gives the same answer. "CPU" is per request; the
//    rounds are interleaved and the ratios are medians of each round's.
// 2. 50 logins at once through the TLS proxy of `jwt-dev up`: how long other requests (a static page, GET /auth/user/)
//    take meanwhile, against the same while nothing else happens. 100 requests a second, evenly spaced; an answer that is
//    late does not delay the next request.
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { aim, median, medianRatio, percentile, table, times } from './support/figures.mjs';
import { bench, cpuMs, run, start, stop, temporaryDirectory } from './support/processes.mjs';
import { HOST, startOurs } from './support/proxies.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    logins: { type: 'string', default: '50' },
    node: { type: 'string', default: process.execPath },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);

async function startServer(kind) {
  const program = fileURLToPath(new URL('support/auth-server.mjs', import.meta.url));
  const child = start('taskset', ['-c', '0', options.node, program, kind, temporaryDirectory()]);
  for await (const line of createInterface({ input: child.stdout }))
    return { child, pid: child.pid, ...JSON.parse(line) };
  throw new Error(`The server did not start:\n${child.log}`);
}

async function measure({ pid, port, cookie }) {
  const before = cpuMs(pid);
  const load = ['--h1', '-c', '16', '-D', options.seconds, '-H', `cookie: ${cookie}`];
  const url = `http://127.0.0.1:${port}/auth/user/`;
  const output = await run('taskset', ['-c', '1', 'h2load', ...load, url]);
  const done = Number(/, (\d+) done/.exec(output)?.[1]);
  const good = Number(/^status codes: (\d+) 2xx/m.exec(output)?.[1]);
  if (!(done > 0) || good !== done) throw new Error(`Failed requests at ${url}:\n${output}`);
  return { perSecond: done / seconds, cpu: ((cpuMs(pid) - before) * 1000) / done };
}

async function benchUserRoute() {
  const kinds = { sqlite: 'SQLite store', storeless: 'without a store', bare: 'bare Express route' };
  const servers = {};
  const results = {};
  for (const kind of Object.keys(kinds)) {
    servers[kind] = await startServer(kind);
    results[kind] = { perSecond: [], cpu: [] };
  }
  // The first round warms up and is left out.
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of Object.keys(kinds)) {
      const { perSecond, cpu } = await measure(servers[kind]);
      if (round === 0) continue;
      results[kind].perSecond.push(perSecond);
      results[kind].cpu.push(cpu);
    }
  }
  const { sqlite, storeless, bare } = results;
  const rows = [['GET /auth/user/', 'requests/s', 'x bare', 'CPU us', 'x bare']];
  for (const [kind, { perSecond, cpu }] of Object.entries(results)) {
    rows.push([
      kinds[kind],
      median(perSecond).toFixed(0),
      times(medianRatio(perSecond, bare.perSecond)),
      median(cpu).toFixed(0),
      times(medianRatio(cpu, bare.cpu)),
    ]);
  }
  const perSecond = median(sqlite.perSecond);
  const slower = medianRatio(storeless.perSecond, sqlite.perSecond);
  const text = `${perSecond.toFixed(0)}/s, without a store / SQLite ${times(slower)}`;
  const met = perSecond >= 6000 || slower <= 1.2;
  process.stdout.write(
    `${table(rows)}\n${aim('>= 6,000/s, or within 1.2 x of the route without a store', text, met)}\n`,
  );
  await Promise.all(Object.values(servers).map(({ child }) => stop(child)));
}

/** One request over HTTP/2; its status and header section, once the answer is complete. */
async function request(session, host, target, { headers = {}, body } = {}) {
  const stream = session.request({
    ':authority': host,
    ':path': target,
    ':method': body === undefined ? 'GET' : 'POST',
    ...headers,
  });
  stream.end(body);
  const [answer] = await once(stream, 'response');
  stream.resume();
  await once(stream, 'close');
  return answer;
}

/** Sends requests evenly until `done` resolves, and answers their latencies in milliseconds by kind. */
async function sample(probes, done) {
  const latencies = Object.fromEntries(Object.keys(probes).map((name) => [name, []]));
  const pending = [];
  const over = new AbortController();
  void done.then(() => over.abort());
  const names = Object.keys(probes);
  for (let at = 0; !over.signal.aborted; at += 1) {
    const name = names[at % names.length];
    const started = performance.now();
    const probed = probes[name]().then(() => latencies[name].push(performance.now() - started));
    // Its failure is thrown where all are waited for.
    probed.catch(() => over.abort());
    pending.push(probed);
    await sleep(10);
  }
  await Promise.all(pending);
  return latencies;
}

async function benchLogins() {
  const directory = temporaryDirectory();
  const site = path.join(directory, 'site');
  mkdirSync(site);
  writeFileSync(path.join(site, 'index.html'), `<!doctype html><p>${'x'.repeat(1000)}`);
  const user = { username: 'anna', email: 'anna@example.com', password: 'correct horse' };
  const config = { frontend: { directory: site }, auth: { users: [user] } };
  const { port, ready, child } = await startOurs({ directory, config, node: options.node });
  const ca = readFileSync(ready.caFile);
  const api = `api.${HOST}`;
  const connect = (host) =>
    http2.connect(`https://127.0.0.1:${port}`, { ca, servername: host, settings: { enablePush: false } });
  const sessions = { frontend: connect(HOST), api: connect(api), logins: connect(api) };
  const login = async () => {
    const answer = await request(sessions.logins, `${api}:${port}`, '/auth/login/', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: user.username, password: user.password }),
    });
    if (answer[':status'] !== 200) throw new Error(`A login was answered with ${answer[':status']}`);
    return answer['set-cookie'].map((one) => one.split(';')[0]).join('; ');
  };
  const cookie = await login();
  const probe = async (session, host, target) => {
    const answer = await request(session, `${host}:${port}`, target, { headers: { cookie } });
    if (answer[':status'] !== 200) throw new Error(`${target} was answered with ${answer[':status']}`);
  };
  const probes = {
    'static page': () => probe(sessions.frontend, HOST, '/'),
    'GET /auth/user/': () => probe(sessions.api, api, '/auth/user/'),
  };
  await sample(probes, sleep(2000));
  const results = Object.fromEntries(
    Object.keys(probes).map((name) => [name, { idle50: [], idle99: [], burst50: [], burst99: [] }]),
  );
  const duration = [];
  for (let round = 0; round < rounds; round += 1) {
    const idle = await sample(probes, sleep(4000));
    const started = performance.now();
    const logins = Promise.all(Array.from({ length: Number(options.logins) }, login));
    const burst = await sample(probes, logins);
    duration.push(performance.now() - started);
    for (const [name, result] of Object.entries(results)) {
      result.idle50.push(percentile(idle[name], 0.5));
      result.idle99.push(percentile(idle[name], 0.99));
      result.burst50.push(percentile(burst[name], 0.5));
      result.burst99.push(percentile(burst[name], 0.99));
    }
  }
  for (const session of Object.values(sessions)) session.close();
  await stop(child);
  const rows = [
    [`ms, ${options.logins} logins at once`, 'idle p50', 'p99', 'burst p50', 'p99', 'p99 / idle'],
  ];
  let aims = '';
  for (const [name, { idle50, idle99, burst50, burst99 }] of Object.entries(results)) {
    const ratio = medianRatio(burst99, idle99);
    rows.push([
      name,
      ...[idle50, idle99, burst50, burst99].map((all) => median(all).toFixed(1)),
      times(ratio),
    ]);
    aims += aim(`${name}: p99 <= 3 x idle`, times(ratio), ratio <= 3);
  }
  process.stdout.write(
    `${table(rows)}All logins together: ${(median(duration) / 1000).toFixed(1)} s\n\n${aims}`,
  );
}

await bench(async () => {
  const version = (await run(options.node, ['--version'])).trim();
  process.stdout.write(
    `Node ${version}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}, median of ${rounds} rounds\n\n`,
  );
  await benchUserRoute();
  await benchLogins();
});
