import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { processesOf } from '../helpers/processes.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const PORTS = ['--https-port', '0', '--http-port', 'none'];

/** A project of its own, with the commands as its user types them. Whatever it starts is stopped at the end. */
async function project(config: object = {}) {
  const cwd = await tempDir();
  await writeFile(path.join(cwd, 'hosts'), '127.0.0.1 localhost\n');
  await writeFile(
    path.join(cwd, 'jwt-dev.config.json'),
    JSON.stringify({ hosts: { file: 'hosts' }, ...config }),
  );
  const options = { bin: inject('installedBin'), cwd, env: cleanEnv(cwd) };
  const cli = (...args: readonly string[]) => runCli(args, options);
  const json = async (...args: readonly string[]) => {
    const result = await cli(...args, '--json');
    return { ...result, answer: JSON.parse(result.stdout) as Record<string, unknown> };
  };
  onTestFinished(async () => void (await cli('down', '--all')));
  return { cwd, cli, json, up: (...args: readonly string[]) => startUp([...PORTS, ...args], options) };
}

test('a detached environment is healthy when its start returns, is asked, followed and stopped', async () => {
  const { cli, json, cwd } = await project();
  const isAlive = async (pid: unknown) => (await processesOf(cwd)).some((found) => found.pid === pid);
  expect(await json('status')).toMatchObject({
    exitCode: 3,
    answer: { running: false, instance: 'default' },
  });
  const up = await json('up', '--detach', ...PORTS);
  expect(up).toMatchObject({ exitCode: 0, answer: { event: 'ready', mode: 'hosts', proxy: null } });
  const { pid, control, frontend, api, caFile } = up.answer;
  expect(await isAlive(pid)).toBe(true);
  expect(await json('status')).toMatchObject({
    exitCode: 0,
    answer: { running: true, pid, control, frontend, api, caFile, health: { ok: true } },
  });
  expect(await json('wait', '--timeout', '5s')).toMatchObject({
    exitCode: 0,
    answer: { healthy: true, frontend },
  });
  expect((await fetch(`${String(control)}/health`)).status).toBe(200);
  expect((await cli('logs')).stdout).toContain('Made a new certificate');
  const following = cli('logs', '-f');
  expect(await json('down')).toMatchObject({
    exitCode: 0,
    answer: [{ instance: 'default', outcome: 'stopped' }],
  });
  expect(await isAlive(pid)).toBe(false);
  expect(await following).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Stopping') as string,
  });
  expect(await json('down')).toMatchObject({ exitCode: 0, answer: [{ outcome: 'not-running' }] });
  expect((await cli('status')).exitCode).toBe(3);
});

test('its text says where to go, as in a terminal', async () => {
  const { cli } = await project();
  const { stdout, exitCode } = await cli('up', '--detach', ...PORTS);
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/Frontend +https:\/\/example\.com:\d+/) as string,
  ]);
  expect(stdout).toContain('alice / alice');
  expect(stdout).not.toContain('Ctrl-C');
});

test('a start that fails says why, with the code of the environment itself, and leaves nothing', async () => {
  const { json, cli } = await project();
  const taken = createServer();
  const port = await listenOn(taken);
  onTestFinished(() => void taken.close());
  expect(await json('up', '--detach', '--https-port', String(port), '--http-port', 'none')).toMatchObject({
    exitCode: 5,
    answer: { error: { code: 'ERR_PORT_IN_USE' } },
  });
  expect((await cli('status')).exitCode).toBe(3);
  expect(await json('up', '--detach', '--https-port', 'x')).toMatchObject({ exitCode: 2 });
});

test('a second one in the same project is refused, and names the first; another name runs beside it', async () => {
  const { up, json } = await project();
  const first = await up();
  onTestFinished(async () => void (await first.stop()));
  const second = await json('up', ...PORTS);
  expect(second).toMatchObject({
    exitCode: 5,
    answer: { error: { code: 'ERR_ALREADY_RUNNING', pid: first.ready.pid } },
  });
  expect(second.stderr).toContain(first.ready.frontend);
  expect(await json('up', '--detach', ...PORTS)).toMatchObject({ exitCode: 5 });
  const beside = await json('up', '--detach', '--instance', 'tests', ...PORTS);
  expect(beside.exitCode).toBe(0);
  expect(beside.answer['frontend']).not.toBe(first.ready.frontend);
  expect((await json('status', '--instance', 'tests')).answer).toMatchObject({ pid: beside.answer['pid'] });
  expect(await json('down', '--all')).toMatchObject({
    answer: [
      { instance: 'default', outcome: 'stopped' },
      { instance: 'tests', outcome: 'stopped' },
    ],
  });
  expect(await first.stop()).toBe(0);
});

test('one that was killed is recognised, and stands in nobody’s way', async () => {
  const { up, json, cwd } = await project({ hosts: { file: 'hosts', lease: true } });
  const first = await up();
  process.kill(first.ready.pid, 'SIGKILL');
  await first.stop();
  expect(await json('status')).toMatchObject({ exitCode: 3, answer: { running: false } });
  expect(
    await json('up', '--detach', '--https-port', String(first.ready.httpsPort), '--http-port', 'none'),
  ).toMatchObject({
    exitCode: 0,
  });
  await json('down');
  await expect.poll(() => readFile(path.join(cwd, 'hosts'), 'utf8')).toBe('127.0.0.1 localhost\n');
});

test('waiting for what nobody starts ends with exit code 6 and says what is missing', async () => {
  const { cli } = await project();
  const result = await cli('wait', '--timeout', '300ms');
  expect([result.exitCode, result.stderr]).toEqual([
    6,
    expect.stringContaining('nothing was started') as string,
  ]);
});

test('one whose backend is down is running, but not healthy, which says its name', async () => {
  const closed = createServer();
  const port = await listenOn(closed);
  await new Promise((resolve) => closed.close(resolve));
  const { up, json, cli } = await project({ api: port });
  const running = await up();
  onTestFinished(async () => void (await running.stop()));
  expect(await json('status')).toMatchObject({
    exitCode: 3,
    answer: { running: true, health: { ok: false } },
  });
  expect((await cli('status')).stdout).toMatch(/Failing +upstream api\.example\.com: .*ECONNREFUSED/);
  expect((await cli('wait', '--timeout', '0')).stderr).toContain('upstream api.example.com');
  const back = createServer((_request, response) => response.end());
  await listenOn(back, '127.0.0.1', port);
  onTestFinished(() => void back.close());
  expect((await cli('wait', '--timeout', '20s')).exitCode).toBe(0);
});

test('the logs of one in a terminal are in that terminal', async () => {
  const { up, cli } = await project();
  expect((await cli('logs')).stderr).toContain('up --detach');
  const running = await up();
  expect(await cli('logs')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('in a terminal') as string,
  });
  expect(await running.stop('SIGTERM')).toBe(0);
});

test('a state directory that cannot be written is said, with the way out', async () => {
  const { cwd } = await project();
  const home = path.join(cwd, 'readonly');
  await mkdir(home);
  await writeFile(path.join(home, 'state'), '');
  const result = await runCli(['up', '--detach', ...PORTS], {
    bin: inject('installedBin'),
    cwd,
    env: cleanEnv(cwd, { JWT_DEV_HOME: home }),
  });
  expect([result.exitCode, result.stderr]).toEqual([1, expect.stringContaining('JWT_DEV_HOME') as string]);
});

test('what the server of the user refuses is one finding, with the line that changes it', async () => {
  const picky = createServer((_request, response) => {
    response.writeHead(403, { 'content-type': 'text/plain', 'strict-transport-security': 'max-age=1' });
    response.end('Blocked request. This host ("example.com") is not allowed.\nTo allow this host, add it.');
  });
  const port = await listenOn(picky);
  onTestFinished(() => void picky.close());
  const { up, cli } = await project({ frontend: port });
  const running = await up();
  onTestFinished(async () => void (await running.stop()));
  const ask = () =>
    cli(
      'exec',
      '--',
      'node',
      '-e',
      'fetch(process.env.JWT_DEV_FRONTEND_URL).then((a) => console.log(a.status))',
    );
  expect([(await ask()).stdout.trim(), (await ask()).stdout.trim()]).toEqual(['403', '403']);
  const { findings } = JSON.parse((await cli('status', '--json')).stdout) as {
    findings: readonly { code: string; count: number; fixes: readonly { place: string; text: string }[] }[];
  };
  const told = findings.map(({ code, count }) => [code, count]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['JD601', 2],
      ['JD460', expect.any(Number)],
    ]),
  );
  const [fix] = findings.find(({ code }) => code === 'JD601')?.fixes ?? [];
  expect(fix).toMatchObject({
    place: 'Vite',
    text: expect.stringContaining("allowedHosts: ['example.com']"),
  });
});
