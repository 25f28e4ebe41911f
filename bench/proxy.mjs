// Requests per second and CPU per request of the TLS proxies, side by side: the same upstream (nginx, 1 KB bodies over
// kept-alive connections), the same certificate, the same load, the rounds interleaved.
//   npm run build && node bench/proxy.mjs [--node24 /path/to/node] [--rounds 5] [--seconds 2]
// Needs caddy, nginx and h2load (nghttp2-client). `--node24`: another Node for a second run of ours, and the one for
// portless, which is left out without it (unless this Node is new enough).
// HTTP/1.1: 32 connections. HTTP/2: 8 connections with 16 streams each. "CPU" is user and system time of the proxy and its
// children per request. "x Caddy" is the median of the ratios of each round: on a noisy machine only that can be compared.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { aim, median, medianRatio, table, times } from './support/figures.mjs';
import { bench, cpuMs, run, temporaryDirectory } from './support/processes.mjs';
import {
  HOST,
  makeCertificates,
  startCaddy,
  startNginx,
  startOurs,
  startPortless,
  startUpstream,
} from './support/proxies.mjs';

const { values: options } = parseArgs({
  options: {
    node24: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
  },
});
const rounds = Number(options.rounds);
const LOADS = {
  'HTTP/1.1': ['--h1', '-c', '32'],
  'HTTP/2': ['-c', '8', '-m', '16'],
};

/** One load on one proxy. */
async function measure({ url, port, pid }, load) {
  const before = cpuMs(pid);
  const args = ['-D', options.seconds, ...load, `--connect-to=127.0.0.1:${port}`, url];
  const output = await run('h2load', args);
  const requests = /^requests: \d+ total, \d+ started, (\d+) done, (\d+) succeeded/m.exec(output);
  const perSecond = Number(/, ([\d.]+) req\/s/.exec(output)?.[1]);
  const [done, succeeded] = [Number(requests?.[1]), Number(requests?.[2])];
  if (!(done > 0) || succeeded !== done) throw new Error(`Failed requests at ${url}:\n${output}`);
  return { perSecond, cpu: ((cpuMs(pid) - before) * 1000) / done };
}

async function startAll() {
  const directory = temporaryDirectory();
  const certificates = await makeCertificates(directory);
  const upstream = await startUpstream({ directory });
  const common = { directory, certificates, upstream: upstream.port };
  const node24 =
    options.node24 ?? (Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : null);
  const proxies = {
    Caddy: await startCaddy(common),
    nginx: await startNginx(common),
    ...(node24 === null ? {} : { portless: await startPortless({ ...common, node: node24 }) }),
    [`jwt-dev, Node ${process.version}`]: await startOurs({ directory, frontend: upstream.port }),
  };
  if (options.node24 !== undefined) {
    const version = (await run(options.node24, ['--version'])).trim();
    const ours = await startOurs({ directory, node: options.node24, frontend: upstream.port });
    proxies[`jwt-dev, Node ${version}`] = ours;
  }
  for (const proxy of Object.values(proxies)) proxy.url = `https://${HOST}:${proxy.port}/`;
  const direct = (load) => {
    const port = load === 'HTTP/2' ? upstream.http2Port : upstream.port;
    return { pid: upstream.pid, port, url: `http://${HOST}:${port}/` };
  };
  return { direct, proxies };
}

function report(load, results) {
  const base = results.Caddy;
  const rows = [[load, 'requests/s', 'x Caddy', 'CPU us', 'x Caddy']];
  for (const [name, { perSecond, cpu }] of Object.entries(results)) {
    rows.push([
      name,
      median(perSecond).toFixed(0),
      times(medianRatio(perSecond, base.perSecond)),
      median(cpu).toFixed(0),
      times(medianRatio(cpu, base.cpu)),
    ]);
  }
  process.stdout.write(`${table(rows)}\n`);
}

function reportAims(load, results) {
  const limits = load === 'HTTP/2' ? { perSecond: 1.9, cpu: 0.5 } : { perSecond: 1.2, cpu: 0.7 };
  for (const [name, { perSecond, cpu }] of Object.entries(results)) {
    if (!name.startsWith('jwt-dev')) continue;
    const speed = medianRatio(perSecond, results.Caddy.perSecond);
    const cost = medianRatio(cpu, results.Caddy.cpu);
    const aims = [
      aim(`requests/s >= ${limits.perSecond} x Caddy`, times(speed), speed >= limits.perSecond),
      aim(`CPU <= ${limits.cpu} x Caddy`, times(cost), cost <= limits.cpu),
    ];
    if (results.portless !== undefined) {
      const rival = medianRatio(cpu, results.portless.cpu);
      aims.push(aim('CPU <= 0.5 x portless', times(rival), rival <= 0.5));
    }
    process.stdout.write(`${load}, ${name}\n${aims.join('')}\n`);
  }
}

await bench(async () => {
  const { direct, proxies } = await startAll();
  const results = Object.fromEntries(
    Object.keys(LOADS).map((load) => [
      load,
      Object.fromEntries(
        ['direct', ...Object.keys(proxies)].map((name) => [name, { perSecond: [], cpu: [] }]),
      ),
    ]),
  );
  // The first two rounds warm up and are left out.
  for (let round = -2; round < rounds; round += 1) {
    for (const [load, args] of Object.entries(LOADS)) {
      for (const [name, proxy] of Object.entries({ direct: direct(load), ...proxies })) {
        const { perSecond, cpu } = await measure(proxy, args);
        if (round < 0) continue;
        results[load][name].perSecond.push(perSecond);
        results[load][name].cpu.push(cpu);
      }
    }
  }
  process.stdout.write(
    `${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}, median of ${rounds} rounds of ${options.seconds} s\n\n`,
  );
  for (const load of Object.keys(LOADS)) report(load, results[load]);
  for (const load of Object.keys(LOADS)) reportAims(load, results[load]);
});
