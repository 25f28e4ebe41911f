import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claimInstance, listInstances, readInstance, removeRecord } from '../../src/control/instance.ts';
import { stopInstance } from '../../src/control/stop.ts';
import type { InstanceFacts } from '../../src/control/types.ts';
import { waitUntilHealthy } from '../../src/control/wait.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const options = { owner: null, logFile: null, now: () => new Date() };
const facts = {
  frontend: 'https://example.com',
  api: 'https://api.example.com',
  control: 'http://127.0.0.1:1',
} as InstanceFacts;

/** A process that lives until it is ended; with `stubborn` only SIGKILL ends it. */
async function living(stubborn = false): Promise<number> {
  const body = stubborn ? 'process.on("SIGTERM", () => undefined);' : '';
  const child = spawn(
    process.execPath,
    ['-e', `${body} setInterval(() => undefined, 1000); console.log("up")`],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

test('a place is taken once, is told to others, and is given back', async () => {
  const place = { stateDir: await tempDir(), name: 'default' };
  expect(await readInstance(place)).toEqual({ kind: 'none' });
  const claim = await claimInstance(place, { ...options, pid: process.pid });
  expect(await readInstance(place)).toMatchObject({
    kind: 'running',
    record: { facts: null, secret: claim.secret },
  });
  await expect(claimInstance(place, { ...options, pid: process.pid })).rejects.toMatchObject({
    code: 'ERR_ALREADY_RUNNING',
    exitCode: 5,
    message: expect.stringContaining(`process ${process.pid}, still starting`) as string,
  });
  await claim.publish(facts);
  await expect(claimInstance(place, { ...options, pid: process.pid })).rejects.toThrow('https://example.com');
  const other = await claimInstance({ ...place, name: 'tests' }, { ...options, pid: process.pid });
  expect(await listInstances(place.stateDir)).toEqual(['default', 'tests']);
  await claim.release();
  await other.release();
  expect(await listInstances(place.stateDir)).toEqual([]);
  expect(await readdir(path.join(place.stateDir, 'instances'))).toEqual([]);
});

test('a record that a killed process was writing goes with the next one', async () => {
  const place = { stateDir: await tempDir(), name: 'default' };
  const dir = path.join(place.stateDir, 'instances');
  await mkdir(dir, { recursive: true });
  for (const name of ['default.json', 'other.json'])
    await writeFile(path.join(dir, `${name}.050476016bae.tmp`), '{');
  const claim = await claimInstance(place, { ...options, pid: process.pid });
  await claim.release();
  expect(await readdir(dir)).toEqual(['other.json.050476016bae.tmp']);
});

test('the record can be read by its owner alone: it holds the secret', async () => {
  const place = { stateDir: await tempDir(), name: 'default' };
  const claim = await claimInstance(place, { ...options, pid: process.pid });
  const dir = path.join(place.stateDir, 'instances');
  expect((await stat(path.join(dir, 'default.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  expect(claim.secret.length).toBeGreaterThanOrEqual(43);
});

test('of many that start at once one wins', async () => {
  const place = { stateDir: await tempDir(), name: 'default' };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => claimInstance(place, { ...options, pid: process.pid })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ERR_ALREADY_RUNNING' });
  }
});

test('the record of a process that is gone does not stand in the way', async () => {
  const place = { stateDir: await tempDir(), name: 'default' };
  const pid = await living();
  const first = await claimInstance(place, { ...options, pid });
  process.kill(pid, 'SIGKILL');
  await expect.poll(async () => (await readInstance(place)).kind).toBe('stale');
  expect(await waitUntilHealthy(place, 0)).toEqual({ kind: 'timeout', why: 'its process has ended' });
  const second = await claimInstance(place, { ...options, pid: process.pid });
  expect(second.stale).toMatchObject({ secret: first.secret });
  // The late tidying of the first one takes nothing of the second.
  await first.release();
  expect(await readInstance(place)).toMatchObject({ kind: 'running' });
});

test.each(['', '{', '[]', 'null', '{"secret":1}'])('a record that says %j is none', async (text) => {
  const stateDir = await tempDir();
  await mkdir(path.join(stateDir, 'instances'));
  await writeFile(path.join(stateDir, 'instances', 'default.json'), text);
  const place = { stateDir, name: 'default' };
  expect(await readInstance(place)).toEqual({ kind: 'none' });
  await removeRecord(place, 'x');
  const claim = await claimInstance(place, { ...options, pid: process.pid });
  await claim.release();
});

test('nothing to stop is no failure', async () => {
  expect(await stopInstance({ stateDir: await tempDir(), name: 'default' }, 0)).toBe('not-running');
});

test('one that is gone is tidied up after', async () => {
  const place = { stateDir: await tempDir(), name: 'default' };
  const pid = await living();
  await claimInstance(place, { ...options, pid });
  process.kill(pid, 'SIGKILL');
  await expect.poll(async () => (await readInstance(place)).kind).toBe('stale');
  expect(await stopInstance(place, 0)).toBe('was-stale');
  expect(await readInstance(place)).toEqual({ kind: 'none' });
});

test.each([
  [false, 'stopped'],
  [true, 'killed'],
] as const)(
  'one whose control server does not answer is ended by signals (it ignores them: %j)',
  async (stubborn, outcome) => {
    const place = { stateDir: await tempDir(), name: 'default' };
    const claim = await claimInstance(place, { ...options, pid: await living(stubborn) });
    await claim.publish(facts);
    expect(await stopInstance(place, stubborn ? 100 : 10_000)).toBe(outcome);
    expect(await readInstance(place)).toEqual({ kind: 'none' });
  },
);
