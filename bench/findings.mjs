// What the watch over live traffic costs: the same proxy with and without it, the rounds interleaved.
//   npm run build && node bench/findings.mjs [--node /path/to/node] [--rounds 9] [--requests 6000]
// Needs nginx and h2load (nghttp2-client). Three kinds of requests: files of the frontend, calls of the API with
// cookies, calls of the API each of which shows a finding. "CPU" is user and system time of the proxy per request.
import { once } from 'node:events';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { aim, median, medianRatio, table, times } from './support/figures.mjs';
import { bench, cpuMs, run, start, temporaryDirectory } from './support/processes.mjs';
import { makeCertificates, startUpstream } from './support/proxies.mjs';

const { values: options } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    rounds: { type: 'string', default: '9' },
    requests: { type: 'string', default: '6000' },
  },
});
const rounds = Number(options.rounds);
const script = fileURLToPath(new URL('support/watched-proxy.mjs', import.meta.url));

const browser = (site, mode, dest) => [
  'user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  'accept-language: en-GB,en;q=0.9',
  `sec-fetch-site: ${site}`,
  `sec-fetch-mode: ${mode}`,
  `sec-fetch-dest: ${dest}`,
];
const tokens = `cookie: __jwtdev=1; jwt-access-token=${'a'.repeat(300)}; jwt-refresh-token=${'b'.repeat(300)}`;
const KINDS = {
  'files of the frontend': {
    host: 'example.com',
    fields: [...browser('same-origin', 'no-cors', 'script'), 'cookie: __jwtdev=1'],
  },
  'calls of the API': {
    host: 'api.example.com',
    fields: [...browser('same-site', 'navigate', 'document'), tokens],
  },
  'calls with a finding each': {
    host: 'api.example.com',
    fields: [...browser('same-site', 'cors', 'empty'), 'origin: https://example.com', tokens],
  },
};
const LOADS = { 'HTTP/1.1': ['--h1', '-c', '32'], 'HTTP/2': ['-c', '8', '-m', '16'] };

async function startProxy(mode, { upstream, certificates }) {
  const args = [script, String(upstream.port), certificates.key, certificates.chain, mode];
  const child = start(options.node, args);
  const [port] = await once(createInterface({ input: child.stdout }), 'line');
  return { pid: child.pid, port: Number(port), child };
}

/** One load on one proxy. */
async function measure({ pid, port }, { host, fields }, load) {
  const before = cpuMs(pid);
  const headers = fields.flatMap((field) => ['-H', field]);
  const url = `https://${host}:${port}/call`;
  const output = await run('h2load', [
    '-n',
    options.requests,
    ...load,
    ...headers,
    `--connect-to=127.0.0.1:${port}`,
    url,
  ]);
  const [, done, succeeded] =
    /^requests: \d+ total, \d+ started, (\d+) done, (\d+) succeeded/m.exec(output) ?? [];
  if (!(Number(done) > 0) || done !== succeeded) throw new Error(`Failed requests:\n${output}`);
  return {
    perSecond: Number(/, ([\d.]+) req\/s/.exec(output)?.[1]),
    cpu: ((cpuMs(pid) - before) * 1000) / Number(done),
  };
}

await bench(async () => {
  const directory = temporaryDirectory();
  const setting = {
    certificates: await makeCertificates(directory),
    upstream: await startUpstream({ directory }),
  };
  const proxies = { without: await startProxy('without', setting), with: await startProxy('with', setting) };
  const results = new Map();
  // The first round warms up and is left out.
  for (let round = -1; round < rounds; round += 1) {
    for (const [load, args] of Object.entries(LOADS)) {
      for (const [kind, request] of Object.entries(KINDS)) {
        const key = `${load}, ${kind}`;
        const found = results.get(key) ?? { without: [], with: [] };
        results.set(key, found);
        const order = round % 2 === 0 ? ['without', 'with'] : ['with', 'without'];
        for (const mode of order) {
          const figures = await measure(proxies[mode], request, args);
          if (round >= 0) found[mode].push(figures);
        }
      }
    }
  }
  process.stdout.write(
    `${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}, median of ${rounds} rounds of ${options.requests} requests\n\n`,
  );
  const rows = [['', 'requests/s', 'with ÷ without', 'CPU us', 'with ÷ without']];
  const aims = [];
  for (const [key, found] of results) {
    const of = (mode, figure) => found[mode].map((one) => one[figure]);
    const speed = medianRatio(of('with', 'perSecond'), of('without', 'perSecond'));
    const cpu = medianRatio(of('with', 'cpu'), of('without', 'cpu'));
    rows.push([
      key,
      median(of('with', 'perSecond')).toFixed(0),
      times(speed),
      median(of('with', 'cpu')).toFixed(0),
      times(cpu),
    ]);
    aims.push(aim(`${key}: CPU with the watch <= 1.05 x without`, times(cpu), cpu <= 1.05));
  }
  process.stdout.write(`${table(rows)}\n${aims.join('')}`);
});
