import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { CleanAnswer } from '../../src/commands/clean-act.ts';
import type { DoctorAnswer } from '../../src/commands/doctor-act.ts';
import { identifyProcess, processState } from '../../src/system/process-identity.ts';
import { digestBytes, snapshotTree } from '../helpers/certs-files.ts';
import { openTrustNamespace, type TrustNamespace } from '../helpers/certs-namespace.ts';
import { type CliResult, cleanEnv } from '../helpers/cli.ts';

// The whole life of an environment on a machine, and what is left of it: nothing, to the byte.

const HOSTS = '127.0.0.1\tlocalhost # keep me\r\n10.0.0.5 db.internal';
const CONFIG = 'jwt-dev.config.json';

let dir: string;
let namespace: TrustNamespace;

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-test-'));
  namespace = await openTrustNamespace(path.join(dir, 'stores'));
  // What the tool itself would rewrite at its first run is no doing of ours.
  await namespace.run('/usr/sbin/update-ca-certificates', ['--fresh']);
  const profile = path.join(dir, 'home/.mozilla/firefox/abc.default');
  await mkdir(profile, { recursive: true });
  await mkdir(path.join(dir, 'project'));
  await writeFile(path.join(profile, 'times.json'), '{}');
  await writeFile(path.join(dir, 'project/index.html'), '<!doctype html>');
  await writeFile(path.join(dir, 'hosts'), HOSTS, 'latin1');
});
afterAll(async () => {
  await jwtDev({}, 'down', '--all');
  namespace.close();
  await rm(dir, { recursive: true, force: true });
});

/** Runs the installed product where the trust stores of the system are copies. */
function jwtDev(extra: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CliResult> {
  const cwd = path.join(dir, 'project');
  const env = cleanEnv(path.join(dir, 'home'), { JWT_DEV_HOSTS_FILE: path.join(dir, 'hosts'), ...extra });
  const command = [
    `--mount=${namespace.file}`,
    `--wd=${cwd}`,
    '--',
    process.execPath,
    inject('installedBin'),
    ...args,
  ];
  return new Promise((resolve, reject) => {
    execFile('nsenter', command, { cwd, env }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/**
 * Home, project, hosts file and stores: every path with its mode, owner and content. Java's keystore is another file after every
 * change of the system's store, by Debian's own hook: where that is changed, of the keystore the list of certificates counts.
 */
async function snapshot(changesSystem: boolean) {
  if (!changesSystem) return snapshotTree(dir);
  const cacerts = path.join(dir, 'stores/etc/ssl/certs/java/cacerts');
  const list = ['-J-Duser.language=en', '-list', '-storepass', 'changeit', '-keystore', cacerts];
  const { stdout } = await namespace.run('keytool', list);
  const tree = await snapshotTree(dir, async (file) => (file === cacerts ? 'keystore' : digestBytes(file)));
  return { tree, java: stdout.match(/^Certificate fingerprint.*$/gm)?.toSorted() };
}

const PORTS = ['--https-port', '0', '--http-port', 'none'];

interface Life {
  readonly env: (root: string) => Record<string, string>;
  readonly trust: readonly string[];
  /** What happens to the environment before `clean`; null: it still runs then. */
  readonly end: ((pid: number) => Promise<unknown>) | null;
}

const BROWSERS = ['--store', 'chromium', 'firefox'];

test.each<[string, Life]>([
  [
    'in the places of the XDG specification, with every store, ended by down',
    { env: () => ({}), trust: [], end: () => jwtDev({}, 'down') },
  ],
  [
    'in a directory of its own, still running',
    { env: (root) => ({ JWT_DEV_HOME: path.join(root, 'own') }), trust: BROWSERS, end: null },
  ],
  [
    'killed',
    { env: () => ({}), trust: BROWSERS, end: (pid) => Promise.resolve(process.kill(pid, 'SIGKILL')) },
  ],
])('after a whole life %s, clean leaves a machine that differs by no byte', async (_case, life) => {
  const env = life.env(dir);
  const run = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await jwtDev(env, ...args);
    expect([args, exitCode, stderr]).toEqual([args, 0, expect.anything()]);
    return stdout;
  };
  const changesSystem = life.trust !== BROWSERS;
  const before = await snapshot(changesSystem);
  await run('init', '--yes');
  const config = await readFile(path.join(dir, 'project', CONFIG), 'utf8');
  await run('users', 'add', 'carol', '--password', 'a long password');
  await run('hosts', '--apply');
  await run('trust', ...life.trust);
  const ready = JSON.parse(await run('up', '--detach', '--json', ...PORTS)) as { pid: number };
  const [environment, startedAt] = [await identifyProcess(ready.pid), Date.now()];
  const looked = await jwtDev(env, 'doctor', '--json', '--only', 'R1,N4,P1,P3,P7,P8,T1,T5,T6');
  const { findings } = JSON.parse(looked.stdout) as DoctorAnswer;
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  await life.end?.(ready.pid);
  expect((await jwtDev(env, 'clean')).exitCode).toBe(2);
  const { items } = JSON.parse(await run('clean', '--yes', '--json')) as CleanAnswer;
  expect(items.filter(({ status }) => status !== 'removed')).toEqual([]);
  expect(new Set(items.map(({ kind }) => kind))).toEqual(
    new Set([...(life.end === null ? ['instance'] : []), 'hosts', 'trust', 'files']),
  );
  expect(await processState(environment, startedAt)).toBe('gone');
  // The user's own file stays, to the byte.
  expect(await readFile(path.join(dir, 'project', CONFIG), 'utf8')).toBe(config);
  await rm(path.join(dir, 'project', CONFIG));
  expect(await snapshot(changesSystem)).toEqual(before);
  expect(await run('clean')).toBe('There is nothing to clean.\n');
  expect(await snapshot(changesSystem)).toEqual(before);
});
