// How long people wait: `--version` against a bare Node, and `up` until it accepts TLS, warm and cold.
// Runs are interleaved, so that noise hits all of them alike; the ratio is the figure.
//   node bench/start.mjs [runs]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/jwt-dev.js', import.meta.url));
const runs = Number(process.argv[2] ?? 20);
const home = mkdtempSync(path.join(os.tmpdir(), 'jwt-dev-bench-'));

const timed = (action) => {
  const started = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - started) / 1e6;
};

/** Milliseconds from spawn until the ready line; TLS is accepted before that. */
async function up(jwtDevHome) {
  const started = performance.now();
  const child = spawn(process.execPath, [bin, 'up', '--json', '--https-port', '0', '--http-port', '0'], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, JWT_DEV_HOME: jwtDevHome },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (JSON.parse(line).event === 'ready') break;
  }
  const ready = performance.now() - started;
  child.kill('SIGINT');
  await new Promise((resolve) => child.once('close', resolve));
  return ready;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const times = { 'node -e 0': [], '--version': [], 'up, warm': [], 'up, cold': [] };
await up(path.join(home, 'warm'));
for (let run = 0; run < runs; run += 1) {
  times['node -e 0'].push(timed(() => spawnSync(process.execPath, ['-e', '0'])));
  times['--version'].push(timed(() => spawnSync(process.execPath, [bin, '--version'])));
  times['up, warm'].push(await up(path.join(home, 'warm')));
  times['up, cold'].push(await up(path.join(home, `cold-${run}`)));
}
rmSync(home, { recursive: true, force: true });

process.stdout.write(`Node ${process.version}, ${os.cpus().length} cores, median of ${runs}\n`);
for (const [name, values] of Object.entries(times)) {
  process.stdout.write(`${name.padEnd(12)} ${median(values).toFixed(0).padStart(6)} ms\n`);
}
process.stdout.write(
  `--version / node -e 0: ${(median(times['--version']) / median(times['node -e 0'])).toFixed(2)}\n`,
);
