import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { OUTPUT_SCHEMAS } from '../../src/commands/json-output/index.ts';
import { CLIENT_IDS, type VerifyReport } from '../../src/environment/verify/types.ts';
import { listProcesses } from '../../src/system/process-table.ts';
import { type CliResult, cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { runWithNames } from '../helpers/private-names.ts';

// Real clients against the packed product, from a home that no browser has seen.

const bin = inject('installedBin');

async function home(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-verify-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(path.join(dir, 'hosts'), '127.0.0.1 localhost\n');
  await writeFile(path.join(dir, 'jwt-dev.config.json'), JSON.stringify({ hosts: { file: 'hosts' } }));
  return dir;
}

/** What runs of a home: its name stands in the arguments or in the environment of every browser process of it. */
async function processesOf(dir: string): Promise<readonly string[]> {
  const table = await listProcesses({
    platform: 'linux',
    procRoot: '/proc',
    run: () => Promise.reject(new Error()),
  });
  const commands = await Promise.all(
    table
      .filter(({ zombie }) => !zombie)
      .map(async ({ pid }) => {
        const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
        const [command, environment] = await Promise.all([read('cmdline'), read('environ')]);
        return `${command} ${environment}`.includes(dir) ? [command.replaceAll('\0', ' ')] : [];
      }),
  );
  return commands.flat().filter((command) => !/jwt-dev\.js (up|verify)/.test(command));
}

function read({ stdout, stderr }: CliResult): VerifyReport {
  expect([stdout === '', stderr]).toEqual([false, '']);
  const value: unknown = JSON.parse(stdout);
  expect(OUTPUT_SCHEMAS.verify.safeParse(value).error).toBeUndefined();
  return value as VerifyReport;
}

test('all six clients log in and out from a fresh home, twice, and leave nothing but their profiles', async () => {
  const cwd = await home();
  const up = await startUp(['--https-port', '0', '--http-port', 'none'], { bin, cwd });
  onTestFinished(async () => void (await up.stop()));
  const names = '127.0.0.1 example.com api.example.com\n';
  const elsewhere = async () =>
    (await readdir(cwd, { recursive: true })).filter((name) => !/jwt-dev|^private-/.test(name));
  const before = await elsewhere();
  for (const start of ['cold', 'warm']) {
    const began = performance.now();
    const result = await runWithNames(names, ['verify', '--json'], { bin, cwd });
    const took = performance.now() - began;
    const { ok, clients, findings } = read(result);
    // oxlint-disable-next-line no-console -- the figures are what this run is for, beside its result.
    console.info(
      `verify, ${start}: ${Math.round(took)} ms; ${clients.map(({ id, durationMs }) => `${id} ${durationMs}`).join(', ')}`,
    );
    expect(clients.map(({ id, status, reason }) => [id, status, reason])).toEqual(
      CLIENT_IDS.map((id) => [id, 'pass', null]),
    );
    expect([result.exitCode, ok, findings]).toEqual([0, true, []]);
    for (const { steps, version } of clients) {
      expect(version).toMatch(/^\d+\./);
      expect(steps.at(-1)?.status).toBe('pass');
    }
    expect(await processesOf(cwd)).toEqual([]);
    expect(await elsewhere()).toEqual(before);
  }
}, 240_000);

test('a stop signal ends it with everything that it has started', async () => {
  const cwd = await home();
  const up = await startUp(['--rootless'], { bin, cwd });
  onTestFinished(async () => void (await up.stop()));
  const child = spawn(process.execPath, [bin, 'verify', '--client', 'chromium,firefox'], {
    cwd,
    env: cleanEnv(cwd),
    stdio: 'ignore',
  });
  const closed = once(child, 'close');
  const both = (commands: readonly string[]) =>
    ['chromium', 'firefox'].every((name) => commands.some((command) => command.includes(name)));
  const commands = await vi.waitFor(
    async () => {
      const found = await processesOf(cwd);
      expect(both(found)).toBe(true);
      return found;
    },
    { timeout: 60_000, interval: 50 },
  );
  // Other users of this machine could connect there, and read what this one may.
  expect(commands.filter((command) => command.includes('--remote-debugging-port'))).toEqual([]);
  // Whoever opens the page of a run first gets the password that is for it.
  expect(commands.filter((command) => /run=|[0-9a-f]{32}|x-[0-9a-f]{8}/.test(command))).toEqual([]);
  child.kill('SIGTERM');
  expect(await closed).toEqual([130, null]);
  expect(await processesOf(cwd)).toEqual([]);
  expect((await readdir(cwd, { recursive: true })).filter((name) => name.endsWith('.lock'))).toEqual([]);
}, 120_000);

test('two at once do not get into each other’s way; what is asked for wrongly is said', async () => {
  const cwd = await home();
  const options = { bin, cwd, env: cleanEnv(cwd) };
  const early = await runCli(['verify', '--client', 'chrmium'], options);
  expect([early.exitCode, early.stderr]).toEqual([2, expect.stringContaining('Did you mean chromium?')]);
  const idle = await runCli(['verify', '--json'], options);
  expect([idle.exitCode, JSON.parse(idle.stdout)]).toMatchObject([1, { error: { code: 'ERR_NOT_RUNNING' } }]);

  const up = await startUp(['--rootless'], options);
  onTestFinished(async () => void (await up.stop()));
  const both = await Promise.all(
    ['one', 'other'].map(() =>
      runCli(['verify', '--json', '--client', 'chromium', '--client', 'curl'], options),
    ),
  );
  for (const result of both) {
    const { ok, clients } = read(result);
    expect([result.exitCode, ok, clients.map(({ id }) => id)]).toEqual([0, true, ['chromium', 'curl']]);
  }
  const wrong = await runCli(['verify', '--client', 'curl,node', '--login', 'alice:wrong'], options);
  expect([wrong.exitCode, wrong.stderr]).toEqual([3, '']);
  expect(wrong.stdout).toMatch(/^Node +\d.* fail .*answered 400/);
}, 120_000);

test('where the environment ends meanwhile, that is said, and not what each client makes of it', async () => {
  const cwd = await home();
  const options = { bin, cwd, env: cleanEnv(cwd) };
  const up = await startUp(['--rootless'], options);
  onTestFinished(async () => void (await up.stop()));
  const verify = runCli(['verify', '--client', 'firefox,node'], options);
  await vi.waitFor(async () => expect(await processesOf(cwd)).not.toEqual([]), {
    timeout: 60_000,
    interval: 50,
  });
  await up.stop();
  const { exitCode, stdout, stderr } = await verify;
  expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringContaining('The environment ended while')]);
  expect(stderr).toContain('jwt-dev up --detach');
  expect(await processesOf(cwd)).toEqual([]);
}, 120_000);

test('up --verify: a failure keeps the command from running, and ends what has no terminal', async () => {
  // Where no program is found there is no client, and that is a failure.
  const cwd = await home();
  const options = { bin, cwd, env: { ...cleanEnv(cwd), PATH: '/nowhere' } };
  const marker = path.join(cwd, 'ran');
  const command = [process.execPath, '-e', `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`];
  const failed = await runCli(['up', '--rootless', '--verify', '--', ...command], options);
  expect([failed.exitCode, failed.stderr]).toEqual([
    3,
    expect.stringContaining('There was no client to try'),
  ]);
  expect(await readdir(cwd)).not.toContain('ran');

  const child = spawn(process.execPath, [bin, 'up', '--json', '--rootless', '--verify'], {
    cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines: { readonly event: string }[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(OUTPUT_SCHEMAS.up.parse(JSON.parse(line)) as { readonly event: string });
  }
  expect(lines).toMatchObject([{ event: 'ready' }, { event: 'verified', ok: false }, { event: 'stopped' }]);
  expect(child.exitCode ?? (await once(child, 'close'))[0]).toBe(3);

  const detached = await runCli(['up', '--detach', '--rootless', '--verify', '--json'], options);
  onTestFinished(async () => void (await runCli(['down'], options)));
  const events = detached.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly event: string }).event);
  expect([detached.exitCode, events]).toEqual([3, ['ready', 'verified']]);
  expect((await runCli(['status', '--json'], options)).stdout).toContain('"running":true');
}, 120_000);
