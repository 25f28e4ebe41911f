import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, test, vi } from 'vitest';
import { OUTPUT_SCHEMAS } from '../../src/commands/json-output/index.ts';
import { cleanEnv, runCli } from '../helpers/cli.ts';
import { ask } from '../helpers/findings-client.ts';
import { startWatchedUp, type WatchedUp } from '../helpers/findings-up.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const eventually = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 20_000 });

/** JD420, for which any client will do: two cookies of one name. */
async function sendTwice({ ready }: Pick<WatchedUp, 'ready'>, times: number): Promise<void> {
  const cookie = 'jwt-access-token=old; jwt-access-token=new';
  for (let count = 0; count < times; count += 1)
    await ask(ready.api, ready.caFile, '/auth/user/', { cookie });
}

const bin = (): string => inject('installedBin');
const cli = (cwd: string, ...args: readonly string[]) =>
  runCli(args, { bin: bin(), cwd, env: cleanEnv(cwd) });

test('in a terminal: once with cause and fix, then its count, and a summary at the end', async () => {
  const up = await startWatchedUp(bin(), await tempDir());
  await eventually(() => expect(up.stdout()).toContain('Ctrl-C'));
  await sendTwice(up, 12);
  await eventually(() => expect(up.stderr()).toContain('(10 times)'));
  expect(await up.stop()).toBe(0);
  const said = up
    .stderr()
    .split('\n')
    .filter((line) => line.includes('JD420'));
  expect(said).toEqual([
    expect.stringMatching(/JD420 .*api\.example\.com$/),
    expect.stringMatching(/JD420 .*api\.example\.com {2}\(10 times\)$/),
    '1 finding: JD420 x 12',
  ]);
  expect(up.stderr()).toMatch(/\n {2}Why: .+\n {2}Fix \(.+\): .+/);
  expect(up.stdout()).not.toContain('JD420');
});

test('with --json: lines of their own, after the ready line', async () => {
  const up = await startWatchedUp(bin(), await tempDir(), '--json');
  await sendTwice(up, 12);
  await eventually(() => expect(up.findings()).toHaveLength(2));
  expect(await up.stop()).toBe(0);
  const lines = up
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  for (const line of lines) expect(OUTPUT_SCHEMAS.up.safeParse(line).error?.message).toBeUndefined();
  expect(lines).toMatchObject([
    { event: 'ready' },
    { event: 'finding', code: 'JD420', host: 'api.example.com', count: 1 },
    { event: 'finding', code: 'JD420', count: 10 },
    { event: 'stopped' },
  ]);
  expect(up.stderr()).toContain('1 finding: JD420 x 12');
});

test('status lists them, for people and as JSON', async () => {
  const home = await tempDir();
  const up = await startWatchedUp(bin(), home, '--json');
  expect(JSON.parse((await cli(home, 'status', '--json')).stdout)).toMatchObject({ findings: [] });
  await sendTwice(up, 3);
  const { stdout } = await cli(home, 'status', '--json');
  const answer = JSON.parse(stdout) as object;
  expect(OUTPUT_SCHEMAS.status.safeParse(answer).error?.message).toBeUndefined();
  expect(answer).toMatchObject({ running: true, findings: [{ code: 'JD420', count: 3 }] });
  expect((await cli(home, 'status')).stdout).toMatch(/^Finding {4}JD420 .+\(3 times\)$/m);
});

test('the control server has them for whoever knows the secret, and forgets them when it is told to', async () => {
  const up = await startWatchedUp(bin(), await tempDir(), '--json');
  await sendTwice(up, 2);
  for (const method of ['GET', 'DELETE'] as const)
    expect((await up.control(method, '/findings', 'guessed')).status).toBe(401);
  expect(await up.report()).toMatchObject({ findings: [{ code: 'JD420', count: 2 }], skipped: 0 });
  expect(await (await up.control('DELETE', '/findings')).json()).toEqual({ cleared: true });
  expect(await up.report()).toEqual({ findings: [], skipped: 0 });
  await sendTwice(up, 1);
  expect(await up.report()).toMatchObject({ findings: [{ count: 1 }] });
});

test('a detached environment has them in its log, as text', async () => {
  const home = await tempDir();
  const ports = ['--https-port', '0', '--http-port', 'none'];
  const started = await cli(home, 'up', '--detach', '--json', ...ports);
  try {
    const ready = JSON.parse(started.stdout) as WatchedUp['ready'];
    await sendTwice({ ready }, 1);
    await eventually(async () =>
      expect((await cli(home, 'logs')).stdout).toMatch(/JD420 .*\n {2}.+\n {2}Why: /),
    );
  } finally {
    await cli(home, 'down');
  }
});

test('a silenced code is shown nowhere', async () => {
  const home = await tempDir();
  await writeFile(path.join(home, 'jwt-dev.config.json'), '{ "findings": { "silence": ["JD420"] } }');
  const up = await startWatchedUp(bin(), home, '--json');
  await sendTwice(up, 12);
  expect(await up.report()).toEqual({ findings: [], skipped: 0 });
  expect(JSON.parse((await cli(home, 'status', '--json')).stdout)).toMatchObject({ findings: [] });
  await up.stop();
  expect(up.findings()).toEqual([]);
  expect(up.stderr()).not.toContain('JD420');
});

test('a code that nobody knows is a mistake, with the one that was meant', async () => {
  const home = await tempDir();
  await writeFile(path.join(home, 'jwt-dev.config.json'), '{ "findings": { "silence": ["JD4200"] } }');
  const { exitCode, stderr } = await cli(home, 'up', '--dry-run');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('findings.silence[0]');
  expect(stderr).toContain('did you mean "JD420"?');
});
