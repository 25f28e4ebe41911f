import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { applyClean } from '../../src/clean/apply.ts';
import { gatherCleanFacts } from '../../src/clean/facts.ts';
import { findMadeParents } from '../../src/clean/made-parents.ts';
import { hasWork, planClean } from '../../src/clean/plan.ts';
import type { CleanWorld } from '../../src/clean/types.ts';
import { identifyProcess } from '../../src/system/process-identity.ts';
import { MemoryStore, rootNamed } from '../helpers/certs-fake-stores.ts';
import { snapshotTree } from '../helpers/certs-files.ts';
import { cleanWorld, fill, HOSTS, HOSTS_WITH_BLOCK, outcomes, PROJECT } from '../helpers/clean-world.ts';
import { runningInstance } from '../helpers/doctor-facts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

let dir: string;
let world: CleanWorld;

beforeEach(async () => {
  dir = await tempDir();
  await mkdir(path.join(dir, 'home/snap/chromium/common'), { recursive: true });
  await mkdir(path.join(dir, 'own'));
  await writeFile(path.join(dir, 'hosts'), HOSTS);
  world = cleanWorld(dir, [new MemoryStore('one')]);
});

const clean = async (here = world) => applyClean(await gatherCleanFacts(here), here);
const hosts = () => readFile(path.join(dir, 'hosts'), 'utf8');

test('everything goes, in an order in which nothing is needed any more, and the machine is as before', async () => {
  const before = await snapshotTree(dir);
  await fill(world, dir);
  (world.stores[0] as MemoryStore).hold(rootNamed('00000001')).hold(rootNamed('00000002', 'other.test'));
  const planned = planClean(await gatherCleanFacts(world));
  expect(hasWork(planned)).toBe(true);
  expect(planned.map(({ label }) => label)).toEqual([
    'the entries for example.com',
    'the local CA in the trust store: store one',
    'the local CA of example.com',
    'users, keys, certificates and logs of the project shop',
    'a backup of a hosts file',
    'browser profiles of the project shop',
  ]);
  const items = await clean();
  expect(items.every(({ status }) => status === 'removed')).toBe(true);
  expect((world.stores[0] as MemoryStore).content.size).toBe(0);
  expect(await snapshotTree(dir)).toEqual(before);
  expect(await clean()).toEqual([]);
});

test('what jwt-dev did not make stays, also in a directory with one of its names', async () => {
  await fill(world, dir);
  const { dataDir, stateDir } = world.paths;
  const own = ['notes.txt', 'authorities/readme', 'thesis/draft.txt'].map((name) => path.join(dataDir, name));
  const inState = ['projects/my-own-work/x', 'locks/door', 'backups/photos/1.jpg'].map((name) =>
    path.join(stateDir, name),
  );
  for (const file of [...own, ...inState]) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'mine');
  }
  const items = await clean();
  for (const file of [...own, ...inState]) expect(await readFile(file, 'utf8')).toBe('mine');
  const kept = items.filter(({ status }) => status === 'kept');
  expect(kept.map(({ location }) => path.basename(location)).toSorted()).toEqual(
    ['door', 'my-own-work', 'notes.txt', 'photos', 'readme', 'thesis'].toSorted(),
  );
  expect(kept.every(({ why }) => why === 'jwt-dev did not make it')).toBe(true);
  expect(await readdir(path.join(stateDir, 'projects'))).toEqual(['my-own-work']);
  const again = planClean(await gatherCleanFacts(world));
  expect(hasWork(again)).toBe(false);
});

describe('symbolic links', () => {
  const elsewhere = () => path.join(dir, 'elsewhere');
  beforeEach(async () => {
    await fill(world, dir);
    await mkdir(elsewhere());
    await writeFile(path.join(elsewhere(), 'auth.sqlite'), 'theirs');
  });
  test.each([
    ['a directory of ours', () => world.paths.stateDir],
    ['one inside it', () => path.join(world.paths.stateDir, 'projects')],
    ['a project', () => path.join(world.paths.stateDir, 'projects', PROJECT)],
  ])('in the place of %s are neither followed nor removed', async (_case, place) => {
    await rm(place(), { recursive: true });
    await symlink(elsewhere(), place());
    const items = await clean();
    expect(items.find(({ location }) => location === place())).toMatchObject({
      status: 'kept',
      why: 'it is a symbolic link, which is not followed',
    });
    expect((await lstat(place())).isSymbolicLink()).toBe(true);
    expect(await readFile(path.join(elsewhere(), 'auth.sqlite'), 'utf8')).toBe('theirs');
  });
  test('inside a project go, and what they lead to stays', async () => {
    await symlink(elsewhere(), path.join(world.paths.stateDir, 'projects', PROJECT, 'link'));
    await clean();
    expect(await readdir(path.join(dir, 'own'))).toEqual([]);
    expect(await readFile(path.join(elsewhere(), 'auth.sqlite'), 'utf8')).toBe('theirs');
  });
});

describe('after a failure', () => {
  test('of the hosts file the rest goes, the command is given, and its backups are kept', async () => {
    await fill(world, dir);
    const [target] = world.hosts;
    if (target === undefined) throw new Error('no hosts file');
    // Tests run as root too, whom no mode stops.
    const access = () => Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }));
    const fs = { ...target.world.fs, access };
    const here = { ...world, hosts: [{ ...target, world: { ...target.world, fs } }] };
    const items = await clean(here);
    expect(items[0]).toMatchObject({
      kind: 'hosts',
      status: 'needs-privilege',
      commands: ['sudo jwt-dev hosts --remove --all'],
    });
    expect(outcomes(items.slice(1))).toEqual([
      'files example.com: removed',
      `files ${PROJECT}: removed`,
      'files hosts-ff7bad58ff-000001-20260102T030405Z.bak: kept',
      `files ${PROJECT}: removed`,
    ]);
    expect(await hosts()).toBe(HOSTS_WITH_BLOCK);
    // With the privilege, the second run does what was left.
    expect((await clean()).every(({ status }) => status === 'removed')).toBe(true);
    expect(await hosts()).toBe(HOSTS);
  });

  test('of a store the others and the files go', async () => {
    const stores = [new MemoryStore('root only', true), new MemoryStore('two')];
    for (const store of stores) store.hold(rootNamed('00000001'));
    const here = cleanWorld(dir, stores);
    await fill(here, dir);
    const items = await clean(here);
    expect(items.filter(({ kind }) => kind === 'trust')).toMatchObject([
      { status: 'needs-privilege', commands: [expect.stringMatching(/^sudo drop/) as string] },
      { status: 'removed' },
    ]);
    expect(await readdir(path.join(dir, 'own'))).toEqual([]);
  });

  test('a hosts file with broken markers is reported with its lines and left alone', async () => {
    await writeFile(path.join(dir, 'hosts'), `${HOSTS}# >>> jwt-dev broken-0123456789 >>>\n`);
    const [item] = await clean();
    expect(item).toMatchObject({
      kind: 'hosts',
      status: 'failed',
      why: expect.stringContaining('line 2') as string,
    });
    expect(await hosts()).toContain('broken');
  });
});

test('a hosts file that is not there holds nothing', async () => {
  await rm(path.join(dir, 'hosts'));
  expect(await clean()).toEqual([]);
});

describe('running environments', () => {
  async function startProcess(script: string): Promise<ChildProcess & { readonly pid: number }> {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    if (child.stdout !== null) await once(child.stdout, 'data');
    return child as ChildProcess & { readonly pid: number };
  }
  async function record(pid: number, name: string, overrides: object = {}) {
    const file = path.join(world.paths.stateDir, 'projects', PROJECT, 'instances', `${name}.json`);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const content = {
      ...runningInstance(),
      name,
      facts: null,
      process: await identifyProcess(pid),
      ...overrides,
    };
    await writeFile(file, JSON.stringify({ ...content, startedAt: Date.now() }));
  }
  test('are ended before their files go', async () => {
    await fill(world, dir);
    const child = await startProcess("setInterval(() => {}, 1000); console.log('ready')");
    const ended = once(child, 'exit');
    await record(child.pid, 'tests');
    const items = await clean();
    expect(items[0]).toMatchObject({ kind: 'instance', location: `process ${child.pid}`, status: 'removed' });
    expect((await ended)[1]).toBe('SIGTERM');
    expect(await readdir(path.join(dir, 'own'))).toEqual([]);
  });
  test('that cannot be ended keep their project, and only theirs', async () => {
    await fill(world, dir);
    // Of another container: neither seen nor ended from here.
    const self = await identifyProcess(process.pid);
    await record(1, 'far', { process: { ...self, pid: 1, space: 'pid:[1]' } });
    const items = await clean();
    expect(items[0]).toMatchObject({ kind: 'instance', status: 'failed' });
    const project = path.join(world.paths.stateDir, 'projects', PROJECT);
    expect(items.find(({ location }) => location === project)).toMatchObject({
      status: 'kept',
      why: 'its environment still runs',
    });
    expect(await readdir(project)).toContain('auth.sqlite');
    expect(await readdir(world.paths.stateDir)).toEqual(['projects']);
  });
});

describe('directories above', () => {
  const deep = () => path.join(dir, 'home/.local/state/jwt-dev');
  test('that were made together with ours go, up to the home', async () => {
    await mkdir(deep(), { recursive: true, mode: 0o700 });
    expect(await findMadeParents(deep(), path.join(dir, 'home'))).toEqual([
      path.join(dir, 'home/.local/state'),
      path.join(dir, 'home/.local'),
    ]);
  });
  test('that have another mode were made by somebody else', async () => {
    await mkdir(deep(), { recursive: true, mode: 0o700 });
    await chmod(path.join(dir, 'home/.local/state'), 0o755);
    expect(await findMadeParents(deep(), path.join(dir, 'home'))).toEqual([]);
    expect(await findMadeParents(path.join(dir, 'nowhere/x'), path.join(dir, 'home'))).toEqual([]);
  });
});
