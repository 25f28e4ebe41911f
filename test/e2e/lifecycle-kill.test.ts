import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, onTestFinished, test } from 'vitest';
import { cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { ageLockDrafts } from '../helpers/lock-drafts.ts';
import { processesOf } from '../helpers/processes.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** How many environments are started and ended. Each takes a second or two. */
const ROUNDS = Number(process.env['LIFECYCLE_KILLS'] ?? 12);
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGKILL', 'SIGKILL'] as const;
const HOSTS = '127.0.0.1 localhost\n';

/** A dev server with a child of its own, as bundlers have them. */
const SERVER = `
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
createServer((request, response) => response.end('hello')).listen(process.env.PORT, '127.0.0.1');
`;

test(`${ROUNDS} environments that are ended at any moment leave nothing that the next one does not clear away`, async () => {
  const cwd = await tempDir();
  const hostsFile = path.join(cwd, 'hosts');
  await writeFile(hostsFile, HOSTS);
  await writeFile(path.join(cwd, 'server.mjs'), SERVER);
  const config = { frontend: { command: 'node server.mjs' }, hosts: { file: 'hosts', lease: true } };
  await writeFile(path.join(cwd, 'jwt-dev.config.json'), JSON.stringify(config));
  const probe = createServer();
  const port = String(await listenOn(probe));
  await new Promise((resolve) => probe.close(resolve));
  const options = { bin: inject('installedBin'), cwd, env: cleanEnv(cwd) };
  onTestFinished(async () => {
    for (const { pid } of await processesOf(cwd)) process.kill(pid, 'SIGKILL');
  });

  for (let round = 0; round < ROUNDS; round += 1) {
    const up = spawn(process.execPath, [options.bin, 'up', '--https-port', port, '--http-port', 'none'], {
      cwd,
      env: options.env,
      stdio: 'ignore',
    });
    const ended = once(up, 'exit');
    await sleep(Math.random() * 1_500);
    // Any of the processes that belong to it: itself, what guards its upstream, what watches over the hosts file.
    const ours = (await processesOf(cwd)).filter(({ command }) => command.includes('jwt-dev'));
    const victim = ours[Math.floor(Math.random() * ours.length)];
    const signal = SIGNALS[Math.floor(Math.random() * SIGNALS.length)] ?? 'SIGKILL';
    try {
      if (victim !== undefined) process.kill(victim.pid, signal);
    } catch (error) {
      // It ended by itself between the look and the signal.
      expect(error).toMatchObject({ code: 'ESRCH' });
    }
    // Where another one was hit, the environment itself is ended as users do.
    await sleep(Math.random() * 200);
    up.kill('SIGTERM');
    await ended;
    const context = `round ${round}: ${signal} to ${victim?.command}`;
    await expect.poll(() => processesOf(cwd), { message: context, timeout: 15_000 }).toEqual([]);
  }

  await ageLockDrafts(cwd);
  const last = await startUp(['--https-port', port, '--http-port', 'none'], options);
  expect(last.ready.httpsPort).toBe(Number(port));
  expect((await runCli(['status'], options)).exitCode).toBe(0);
  expect(await last.stop()).toBe(0);
  await expect.poll(() => processesOf(cwd)).toEqual([]);
  expect(await readFile(hostsFile, 'utf8')).toBe(HOSTS);
  const [project = ''] = await readdir(path.join(cwd, '.local/state/jwt-dev/projects'));
  expect(await readdir(path.join(cwd, '.local/state/jwt-dev/projects', project, 'instances'))).toEqual([]);
}, 600_000);
