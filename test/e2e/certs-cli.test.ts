import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import type { CertsAnswer } from '../../src/commands/certs-report.ts';
import { cleanEnv, runCli } from '../helpers/cli.ts';
import { ageLockDrafts } from '../helpers/lock-drafts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

async function project() {
  const dir = await tempDir();
  return {
    dir,
    bin: inject('installedBin'),
    cwd: dir,
    env: cleanEnv(dir, { JWT_DEV_HOME: path.join(dir, 'own') }),
  };
}

test('processes that start at once agree on one CA, and one of them makes it', async () => {
  const options = await project();
  const runs = await Promise.all(Array.from({ length: 6 }, () => runCli(['certs', '--json'], options)));
  expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0));
  const answers = runs.map(({ stdout }) => JSON.parse(stdout) as CertsAnswer);
  expect(new Set(answers.map(({ authority }) => authority?.fingerprint256)).size).toBe(1);
  expect(runs.filter(({ stderr }) => stderr.includes('Made a new local CA'))).toHaveLength(1);
});

test('whenever a process is killed, the next one has certificates that fit, and leaves no scraps', async () => {
  const options = await project();
  for (const delayMs of [60, 100, 140, 180, 220, 260, 300, 340]) {
    await rm(path.join(options.dir, 'own'), { recursive: true, force: true });
    const child = spawn(process.execPath, [options.bin, 'certs', '--path'], { ...options, stdio: 'ignore' });
    // Before the wait: some runs are faster than their kill.
    const closed = once(child, 'close');
    await sleep(delayMs);
    child.kill('SIGKILL');
    await closed;
    await ageLockDrafts(options.dir);
    expect((await runCli(['certs', '--path'], options)).exitCode).toBe(0);
    expect((await runCli(['certs', '--path'], options)).stderr).toBe('');
    const files = await readdir(path.join(options.dir, 'own'), { recursive: true, withFileTypes: true });
    expect(
      files
        .filter((file) => file.isFile())
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([
      'intermediate-key.pem',
      'intermediate.pem',
      'leaf-chain.pem',
      'leaf-key.pem',
      'leaf.pem',
      'root.pem',
    ]);
  }
});

test('help opens with examples, and a mistake in the options is one', async () => {
  const options = await project();
  for (const command of ['certs', 'trust', 'untrust']) {
    const { stdout, exitCode } = await runCli([command, '--help'], options);
    expect([exitCode, stdout.startsWith('Examples:\n')]).toEqual([0, true]);
  }
  expect((await runCli(['certs', '--renew', 'root'], options)).exitCode).toBe(2);
  expect((await runCli(['trust', '--store', 'netscape'], options)).exitCode).toBe(2);
});
