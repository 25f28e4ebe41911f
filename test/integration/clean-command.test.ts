import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { CleanOptions } from '../../src/commands/clean.ts';
import { type CleanAnswer, runClean } from '../../src/commands/clean-act.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Context } from '../../src/context.ts';
import type { JwtDevError } from '../../src/errors.ts';
import { commandWorld } from '../helpers/certs-context.ts';
import { MemoryStore, rootNamed } from '../helpers/certs-fake-stores.ts';
import { snapshotTree } from '../helpers/certs-files.ts';
import { cleanWorld, fill, HOSTS } from '../helpers/clean-world.ts';
import { tempDir } from '../helpers/temp-dir.ts';

let dir: string;

beforeEach(async () => {
  dir = await tempDir();
  await mkdir(path.join(dir, 'home'));
  await writeFile(path.join(dir, 'hosts'), HOSTS);
  await writeFile(path.join(dir, 'jwt-dev.config.json'), '{}');
  await fill(cleanWorld(dir), dir);
});

/** The command with this machine's trust stores left out; the questions it asked are counted. */
async function clean(
  options: CleanOptions,
  more: {
    readonly config?: string;
    readonly json?: boolean;
    readonly answer?: boolean;
    readonly stores?: readonly MemoryStore[];
  } = {},
) {
  const world = await commandWorld(dir, { json: more.json ?? false, interactive: more.answer !== undefined });
  let questions = 0;
  const context = {
    ...world.context,
    paths: cleanWorld(dir).paths,
    env: { ...world.context.env, JWT_DEV_HOSTS_FILE: path.join(dir, 'hosts') },
    confirm: () => {
      questions += 1;
      return Promise.resolve(more.answer === true);
    },
  } as unknown as Context;
  const load = async () => (await loadConfig(context, more.config, {})).config;
  const exitCode = await runClean(options, context, load, { stores: more.stores ?? [] });
  return { exitCode, questions, stdout: world.stdout(), stderr: world.stderr() };
}

test('without a terminal and without --yes the list stands in the error, and nothing happens', async () => {
  const before = await snapshotTree(dir);
  const error = await clean({}).catch((thrown: unknown) => thrown as JwtDevError);
  expect(error).toMatchObject({
    code: 'ERR_USAGE',
    exitCode: 2,
    hint: 'Agree beforehand: npx jwt-dev clean --yes',
  });
  expect((error as JwtDevError).details).toContainEqual(
    `the entries for example.com: ${path.join(dir, 'hosts')}`,
  );
  expect(await snapshotTree(dir)).toEqual(before);
});

test('--dry-run lists and changes nothing', async () => {
  const before = await snapshotTree(dir);
  const { exitCode, stdout } = await clean({ dryRun: true }, { json: true });
  const { dryRun, items } = JSON.parse(stdout) as CleanAnswer;
  expect([exitCode, dryRun, items.length]).toEqual([0, true, 5]);
  expect(items.every(({ status }) => status === 'found')).toBe(true);
  expect(await snapshotTree(dir)).toEqual(before);
});

test('--yes removes without a question, and the second run finds nothing', async () => {
  const first = await clean({ yes: true }, { json: true });
  const { items } = JSON.parse(first.stdout) as CleanAnswer;
  expect([first.exitCode, first.questions]).toEqual([0, 0]);
  expect(items.map(({ status }) => status)).toEqual(items.map(() => 'removed'));
  expect(await readFile(path.join(dir, 'hosts'), 'utf8')).toBe(HOSTS);
  expect(await readFile(path.join(dir, 'jwt-dev.config.json'), 'utf8')).toBe('{}');
  expect(await clean({ yes: true })).toMatchObject({ exitCode: 0, stdout: 'There is nothing to clean.\n' });
  expect(await clean({})).toMatchObject({ exitCode: 0, stdout: 'There is nothing to clean.\n' });
});

test('in a terminal it asks once, after the list; a no changes nothing', async () => {
  const before = await snapshotTree(dir);
  const no = await clean({}, { answer: false });
  expect(no).toMatchObject({ exitCode: 1, questions: 1, stdout: 'Nothing was removed.\n' });
  expect(no.stderr).toContain('the local CA of example.com');
  expect(await snapshotTree(dir)).toEqual(before);
  expect(await clean({}, { answer: true })).toMatchObject({ exitCode: 0, questions: 1 });
});

test('what needs root is exit code 4, with the command', async () => {
  const store = new MemoryStore('system', true).hold(rootNamed('00000001'));
  const { exitCode, stdout } = await clean({ yes: true }, { stores: [store] });
  expect(exitCode).toBe(4);
  expect(stdout).toMatch(/^needs root +the local CA in the trust store: store system/m);
  expect(stdout).toMatch(/To do by hand:\n {2}sudo drop/);
});

test('a broken configuration does not keep anything from going', async () => {
  const config = path.join(dir, 'broken.json');
  await writeFile(config, '{"nonsense": 1}');
  const { exitCode, stderr, stdout } = await clean({ yes: true }, { json: true, config });
  expect(stderr).toContain('a hosts file that it names is not looked at');
  const { items } = JSON.parse(stdout) as CleanAnswer;
  expect([exitCode, new Set(items.map(({ kind }) => kind))]).toEqual([0, new Set(['hosts', 'files'])]);
});
