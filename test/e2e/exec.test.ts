import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { cleanEnv, type RunningUp, runCli, startUp } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openTerminal } from '../helpers/terminal.ts';

const HOSTS_MODE = ['--https-port', '0', '--http-port', 'none'];
const ROOTLESS = ['--rootless', '--https-port', '0', '--http-port', '0'];

const bin = inject('installedBin');
const options = (cwd: string, env: Readonly<Record<string, string>> = {}) => ({
  bin,
  cwd,
  env: cleanEnv(cwd, env),
});

type Mode = readonly string[];

/** One environment of each mode: the commands change nothing in it. */
const environments = new Map<Mode, { readonly cwd: string; readonly up: RunningUp }>();

beforeAll(async () => {
  for (const mode of [HOSTS_MODE, ROOTLESS]) {
    const cwd = await realpath(await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-test-')));
    await writeFile(path.join(cwd, 'hosts'), '');
    await writeFile(path.join(cwd, 'jwt-dev.config.json'), '{ "hosts": { "file": "hosts" } }');
    environments.set(mode, { cwd, up: await startUp(mode, options(cwd)) });
  }
});

afterAll(async () => {
  for (const { cwd, up } of environments.values()) {
    await up.stop();
    await rm(cwd, { recursive: true, force: true });
  }
});

function running(mode: Mode) {
  const { cwd, up } = environments.get(mode) ?? expect.fail('it did not start');
  const cli = (words: readonly string[], env?: Readonly<Record<string, string>>) =>
    runCli(words, options(cwd, env));
  return { cwd, ready: up.ready, cli, exec: (...words: readonly string[]) => cli(['exec', '--', ...words]) };
}

const NODE_LOGIN = `
  const { JWT_DEV_API_URL: api } = process.env;
  const answer = await fetch(api + '/auth/login/', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'alice', password: 'alice' }),
  });
  console.log(api, answer.status, (await answer.json()).user.username);`;

const PYTHON = `
import os, urllib.request
print(urllib.request.urlopen(os.environ['JWT_DEV_FRONTEND_URL'] + '/').status)`;

describe('exec', () => {
  test('rootless: Node, curl and Python reach the environment by its names, without hosts entry and port', async () => {
    const { exec } = running(ROOTLESS);
    expect(await exec(process.execPath, '--input-type=module', '-e', NODE_LOGIN)).toMatchObject({
      stdout: 'https://api.example.com 200 alice\n',
      exitCode: 0,
    });
    const curl = await exec(
      'curl',
      '-sS',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      'https://api.example.com/auth/user/',
    );
    expect(curl).toMatchObject({ stdout: '401', exitCode: 0 });
    expect(await exec('python3', '-c', PYTHON)).toMatchObject({ stdout: '200\n', exitCode: 0 });
  });

  test('hosts mode: Node needs no hosts entry, and the URLs carry the port', async () => {
    const { exec, ready } = running(HOSTS_MODE);
    expect(await exec(process.execPath, '--input-type=module', '-e', NODE_LOGIN)).toMatchObject({
      stdout: `https://api.example.com:${ready.httpsPort} 200 alice\n`,
      exitCode: 0,
    });
  });

  test('the arguments of the command stay its own, with or without dashes before it', async () => {
    const { exec, cli } = running(HOSTS_MODE);
    const print = 'console.log(JSON.stringify(process.argv.slice(1)))';
    const words = ['--json', '--help', '--config', 'x', '--', '-V', 'a b', "'$HOME'"];
    const printed = `${JSON.stringify(words)}\n`;
    expect((await exec(process.execPath, '-e', print, '--', ...words)).stdout).toBe(printed);
    const undashed = await cli(['exec', process.execPath, '-e', print, '--', ...words]);
    expect(undashed.stdout).toBe(printed);
  });

  test('the exit code is that of the command; 125, 126 and 127 say why there is none', async () => {
    const { cwd, exec, cli } = running(HOSTS_MODE);
    await writeFile(path.join(cwd, 'text'), 'text');
    expect((await exec('sh', '-c', 'exit 3')).exitCode).toBe(3);
    expect((await exec('sh', '-c', 'kill -KILL $$')).exitCode).toBe(137);
    expect(await exec('no-such-program-7f3a')).toMatchObject({ exitCode: 127, stdout: '' });
    expect((await exec('./text')).exitCode).toBe(126);
    expect(await cli(['exec'])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('No command') as string,
    });
    expect((await cli(['exec', '--no-such-option', '--', 'true'])).exitCode).toBe(125);
    expect((await cli(['exec', '--instance', 'other', '--', 'true'])).exitCode).toBe(125);
    expect((await cli(['exec', '--config', 'missing.json', '--', 'true'])).exitCode).toBe(125);
    expect((await cli(['exec', '--help'])).exitCode).toBe(0);
  });

  test('what the user has set is kept beside ours', async () => {
    const { cwd, cli, ready } = running(HOSTS_MODE);
    const own = path.join(cwd, 'own ca.pem');
    const pem = await readFile(ready.caFile, 'utf8');
    await writeFile(own, pem.replace('-----BEGIN', '# of a company\n-----BEGIN'));
    const print =
      'console.log(JSON.stringify([process.env.NODE_OPTIONS, process.execArgv, process.env.KEPT]))';
    const result = await cli(['exec', '--', process.execPath, '-e', print], {
      NODE_OPTIONS: '--no-warnings',
      NODE_EXTRA_CA_CERTS: own,
      KEPT: 'yes',
    });
    expect(JSON.parse(result.stdout)).toEqual([
      expect.stringMatching(/^--no-warnings --require .*node-reroute-[0-9a-f]{12}\.cjs$/),
      ['-e', print],
      'yes',
    ]);
  });

  test('a signal to jwt-dev reaches the command, and the exit code is what it makes of it', async () => {
    const { cwd } = running(HOSTS_MODE);
    const trap = `trap 'exit 9' TERM; echo > ready; while :; do sleep 0.05; done`;
    const child = execFile(process.execPath, [bin, 'exec', '--', 'sh', '-c', trap], options(cwd));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await vi.waitFor(() => readFile(path.join(cwd, 'ready')), { timeout: 30_000 });
    child.kill('SIGTERM');
    expect(await ended).toBe(9);
  });

  test('a Ctrl-C in the terminal reaches the command once', async () => {
    const { cwd } = running(HOSTS_MODE);
    const count = `
      let got = 0;
      process.on('SIGINT', () => {
        got += 1;
        console.log('interrupted');
        if (got === 1) setTimeout(() => process.exit(20 + got), 500);
      });
      console.log('listening');
      setInterval(() => undefined, 1000);`;
    const terminal = openTerminal(
      [process.execPath, bin, 'exec', '--', process.execPath, '-e', count],
      options(cwd),
    );
    await vi.waitFor(() => expect(terminal.screen()).toContain('listening'), { timeout: 30_000 });
    terminal.type('\u0003');
    expect(await terminal.exitCode).toBe(21);
    expect(terminal.screen().match(/interrupted/g)).toHaveLength(1);
  });
});

describe('env', () => {
  test('evaluated in a shell it does what exec does', async () => {
    const { cwd } = running(ROOTLESS);
    const script = `eval "$(node ${JSON.stringify(bin)} env)" && curl -sS -o /dev/null -w '%{http_code}' "$JWT_DEV_API_URL/auth/user/"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', script], options(cwd));
    expect(stdout).toBe('401');
  });

  test('says the same in every format', async () => {
    const { cli } = running(ROOTLESS);
    const json = JSON.parse((await cli(['env', '--json'])).stdout) as Record<string, string>;
    expect(JSON.parse((await cli(['env', '--format', 'json'])).stdout)).toEqual(json);
    const url = json['JWT_DEV_FRONTEND_URL'];
    expect((await cli(['env'], { SHELL: '/usr/bin/fish' })).stdout).toContain(
      `set -gx JWT_DEV_FRONTEND_URL '${url}'\n`,
    );
    expect((await cli(['env', '--format', 'powershell'])).stdout).toContain(
      `$env:JWT_DEV_FRONTEND_URL = '${url}'\n`,
    );
    expect((await cli(['env', '--format', 'dotenv'])).stdout).toContain(`JWT_DEV_FRONTEND_URL=${url}\n`);
    const github = await cli(['env', '--format', 'github']);
    expect(github.stdout).toContain(`JWT_DEV_FRONTEND_URL=${url}\n`);
    expect(github.stdout).not.toContain('NODE_OPTIONS');
    expect(github.stderr).toContain('exec --');
  });

  test('where nothing runs it says what to start', async () => {
    const cwd = await tempDir();
    await mkdir(path.join(cwd, 'home'));
    const { exitCode, stdout, stderr } = await runCli(['env'], options(cwd));
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/ERR_NOT_RUNNING.*\n.*up --detach/);
  });
});
