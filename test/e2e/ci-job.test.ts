import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { chromiumFile } from '../helpers/browser.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { processesOf } from '../helpers/processes.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const here = (name: string): string => fileURLToPath(new URL(`../ci-job/${name}`, import.meta.url));

/** What the first job has installed: the others begin with a copy of it, as with the cache of a CI service. */
let installed: string;
beforeAll(async () => {
  installed = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-test-'));
});
afterAll(() => rm(installed, { recursive: true, force: true }));

/** Runs the job in a home of its own; answers its exit code and output. */
async function runJob(script: string, home: string, env: Readonly<Record<string, string>> = {}) {
  const project = path.join(home, 'project');
  await promisify(execFile)('cp', ['-a', installed, project]);
  for (const name of ['playwright.config.mjs', 'login.spec.mjs'])
    await copyFile(here(name), path.join(project, name));
  try {
    const { stdout } = await promisify(execFile)('bash', [here(script), inject('tarball'), project], {
      // As in CI: no terminal, and CI is set. The cache of npm is the machine's: its content is not under test.
      env: cleanEnv(home, { CI: 'true', JOB_CHROMIUM: chromiumFile, ...npmCache(), ...env }),
    });
    return { exitCode: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, output: `${stdout}\n${stderr}` };
  }
}

function npmCache(): Record<string, string> {
  const home = process.env['HOME'] ?? '';
  return {
    npm_config_cache: process.env['npm_config_cache'] ?? path.join(home, '.npm'),
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? path.join(home, '.npmrc'),
  };
}

test('a CI job without root installs, starts, logs in with a real browser, and leaves nothing running', async () => {
  const home = await tempDir();
  const { exitCode, output } = await runJob('job.sh', home);
  expect(output).toContain('2 passed');
  expect(exitCode).toBe(0);
  expect(await processesOf(home)).toEqual([]);
  const made = ['package.json', 'package-lock.json', 'node_modules'];
  await promisify(execFile)('cp', ['-a', ...made, installed], { cwd: path.join(home, 'project') });
}, 240_000);

test('a failing spec fails the job with its own exit code', async () => {
  const home = await tempDir();
  const { exitCode, output } = await runJob('job.sh', home, {
    JOB_PASSWORD: 'not her password',
    JOB_EXPECT_MS: '1000',
  });
  expect(output).toContain('1 failed');
  expect(exitCode).toBe(1);
  expect(await processesOf(home)).toEqual([]);
}, 240_000);

test('with root the same specs pass on port 443 with hosts entries, which are gone afterwards', async () => {
  const home = await tempDir();
  const { exitCode, output } = await runJob('job-root.sh', home);
  expect(output).toContain('2 passed');
  expect(exitCode).toBe(0);
  expect(await processesOf(home)).toEqual([]);
  expect(await readFile(path.join(home, 'project/hosts'), 'utf8')).toBe(await readFile('/etc/hosts', 'utf8'));
}, 240_000);
