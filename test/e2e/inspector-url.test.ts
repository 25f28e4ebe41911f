import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { OUTPUT_SCHEMAS } from '../../src/commands/json-output/index.ts';
import { cleanEnv, type ReadyLine, runCli } from '../helpers/cli.ts';
import { raw } from '../helpers/control-requests.ts';
import { startWatchedUp } from '../helpers/findings-up.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const WAIT = { timeout: 60_000, interval: 100 };
const bin = (): string => inject('installedBin');
const cli = (cwd: string, ...args: readonly string[]) =>
  runCli(args, { bin: bin(), cwd, env: cleanEnv(cwd) });

interface Status extends ReadyLine {
  readonly logFile: string;
}

interface Tab {
  readonly type: string;
  readonly url: string;
}

test('the URL with the secret is told to whoever asks, and to nobody else', async () => {
  const home = await tempDir();
  onTestFinished(async () => void (await cli(home, 'down')));
  const { stdout, stderr } = await cli(home, 'up', '--detach', '--rootless');
  const shown = /\n {2}Inspector {2}(http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43})\n/.exec(stdout)?.[1] ?? stdout;
  const { origin, hash } = new URL(shown);
  const secret = hash.slice(1);

  const status = JSON.parse((await cli(home, 'status', '--json')).stdout) as Status;
  expect(OUTPUT_SCHEMAS.status.safeParse(status).error?.message).toBeUndefined();
  expect(status).toMatchObject({ inspector: shown, control: origin });
  expect((await cli(home, 'status')).stdout).toContain(`\nInspector  ${shown}\n`);

  // The list of processes and the log are read by others, and by people who are shown them.
  const commandLine = await readFile(`/proc/${status.pid}/cmdline`, 'utf8');
  const log = await readFile(status.logFile, 'utf8');
  const { stdout: variables } = await cli(home, 'env', '--json');
  expect(variables).toContain(origin);
  for (const text of [commandLine, log, stderr, variables]) expect(text).not.toContain(secret);
  expect((await stat(status.logFile)).mode & 0o077).toBe(0);

  // The forms find the API in rootless mode too.
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const login = { method: 'POST', path: '/auth/login/', json: { username: 'alice', password: 'alice' } };
  const post = { method: 'POST', headers };
  const tried = await raw(`${origin}/inspector/try`, post, JSON.stringify(login));
  expect(JSON.parse(tried.body)).toMatchObject({ status: 200, corsProblem: null });

  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
  const opened = await cli(home, 'open', '--inspector', '--json', '--browser', 'chromium', '--', ...flags);
  const { url, pid, logFile } = JSON.parse(opened.stdout) as Record<'url' | 'logFile', string> & {
    readonly pid: number;
  };
  onTestFinished(() => void process.kill(-pid, 'SIGKILL'));
  expect(url).toBe(`${origin}/`);
  expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret);
  const profile = path.dirname(logFile);
  expect((await stat(path.join(profile, 'open.html'))).mode & 0o077).toBe(0);
  await vi.waitFor(async () => {
    const [port] = (await readFile(path.join(profile, 'profile', 'DevToolsActivePort'), 'utf8')).split('\n');
    const tabs = JSON.parse((await raw(`http://127.0.0.1:${port}/json/list`)).body) as readonly Tab[];
    const pages = tabs.filter(({ type }) => type === 'page');
    expect(pages.map((tab) => new URL(tab.url).origin)).toEqual([origin]);
  }, WAIT);
});

test('switched off, there is no URL and no page', async () => {
  const home = await tempDir();
  await writeFile(path.join(home, 'jwt-dev.config.json'), '{ "inspector": { "enabled": false } }');
  const up = await startWatchedUp(bin(), home);
  await vi.waitFor(() => expect(up.stdout()).toContain('Ctrl-C'), WAIT);
  expect(up.stdout()).not.toContain('Inspector');
  expect(up.ready.inspector).toBeNull();
  expect((await up.control('GET', '/')).status).toBe(404);
  const { exitCode, stderr } = await cli(home, 'open', '--inspector', '--', '--headless');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('"inspector": { "enabled": true }')]);
});
