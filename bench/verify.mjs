// How long `verify` takes with every client that is there: from a home that no browser has seen, and again.
//   node bench/verify.mjs [warm runs]
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/jwt-dev.js', import.meta.url));
const runs = Number(process.argv[2] ?? 5);
const home = mkdtempSync(path.join(os.tmpdir(), 'jwt-dev-bench-'));
const options = { cwd: home, env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' } };

const up = spawn(process.execPath, [bin, 'up', '--json', '--rootless'], {
  ...options,
  stdio: ['ignore', 'pipe', 'ignore'],
});
for await (const line of createInterface({ input: up.stdout })) {
  if (JSON.parse(line).event === 'ready') break;
}

/** Milliseconds, and the answer. Exit code 3 is an answer, too. */
async function verify() {
  const started = performance.now();
  const text = await new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, 'verify', '--json'], options, (error, stdout, stderr) => {
      if (stdout === '') reject(error ?? new Error(stderr));
      else resolve(stdout);
    });
  });
  return { ms: performance.now() - started, ...JSON.parse(text) };
}

const show = (name, { ms, ok, clients }) => {
  const each = clients.map(({ id, status, durationMs }) =>
    status === 'pass' ? `${id} ${durationMs}` : `${id} ${status}`,
  );
  process.stdout.write(
    `${name.padEnd(6)} ${ms.toFixed(0).padStart(6)} ms  ${ok ? 'ok    ' : 'not ok'}  ${each.join(', ')}\n`,
  );
};

process.stdout.write(
  `Node ${process.version}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}\n`,
);
show('cold', await verify());
const warm = [];
for (let run = 0; run < runs; run += 1) {
  warm.push(await verify());
  show('warm', warm.at(-1));
}
const median = warm.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(runs / 2)];
process.stdout.write(`warm, median of ${runs}: ${median.toFixed(0)} ms\n`);

up.kill('SIGINT');
await new Promise((resolve) => up.once('close', resolve));
rmSync(home, { recursive: true, force: true, maxRetries: 5 });
