import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { cleanEnv, type RunningUp, startUp } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

// `sudo jwt-dev up`: root opens the ports and writes the hosts file, and is gone after that.

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
/** Who the process has to be: under sudo the caller; where the tests do not run as root, sudo's variables mean nothing. */
const runner = isRoot ? NOBODY : (process.getuid?.() ?? -1);
const HOSTS = '127.0.0.1 localhost\n';

/** A project of the calling user's, and a hosts file that only root may change. */
async function sudo(config: Record<string, unknown>, args: readonly string[]) {
  const cwd = await tempDir();
  const etc = await tempDir();
  await chmod(etc, 0o755);
  const file = path.join(etc, 'hosts');
  await writeFile(file, HOSTS, { mode: 0o644 });
  const hosts = { file, ...(config['hosts'] as object | undefined) };
  await writeFile(path.join(cwd, 'jwt-dev.config.json'), JSON.stringify({ ...config, hosts }));
  const home = path.join(cwd, 'home');
  await mkdir(home);
  if (isRoot) for (const each of [cwd, home]) await chown(each, NOBODY, NOBODY);
  const env = cleanEnv('/root', {
    JWT_DEV_HOME: home,
    SUDO_UID: String(NOBODY),
    SUDO_GID: String(NOBODY),
    SUDO_USER: 'nobody',
  });
  const up = await startUp(args, { bin: inject('installedBin'), cwd, env });
  onTestFinished(async () => void (await up.stop()));
  return { up, home, file };
}

/** A line of proc(5)'s status file: its numbers. */
async function ids(up: RunningUp, line: 'Uid' | 'Gid' | 'Groups'): Promise<readonly number[]> {
  const status = await readFile(`/proc/${up.ready.pid}/status`, 'utf8');
  const text = new RegExp(`^${line}:(.*)$`, 'm').exec(status)?.[1] ?? '';
  return text.split(/\s+/).filter(Boolean).map(Number);
}

async function ownersBelow(dir: string): Promise<readonly number[]> {
  const names = await readdir(dir, { recursive: true });
  return Promise.all(['.', ...names].map(async (name) => (await stat(path.join(dir, name))).uid));
}

test('it is the calling user once the ports are open, and so is all that it has written', async () => {
  const port = isRoot ? '943' : '0';
  const { up, home, file } = await sudo({}, ['--https-port', port, '--http-port', 'none', '--strict-port']);
  if (isRoot) expect(up.ready.httpsPort).toBe(943);
  // Real, effective, saved and file system ids: there is no way back.
  expect(await ids(up, 'Uid')).toEqual(Array(4).fill(runner));
  if (isRoot) {
    expect(await ids(up, 'Gid')).toEqual(Array(4).fill(NOBODY));
    expect(await ids(up, 'Groups')).not.toContain(0);
  }
  const owners = await ownersBelow(home);
  expect(owners.length).toBeGreaterThan(5);
  expect(new Set(owners)).toEqual(new Set([runner]));
  expect(await readFile(file, 'utf8')).toBe(HOSTS);
  expect(await up.stop()).toBe(0);
});

test('the hosts entries come before root is given up', async () => {
  const { up, file } = await sudo({}, ['--https-port', '0', '--http-port', 'none', '--apply-hosts']);
  expect(await readFile(file, 'utf8')).toContain('127.0.0.1 api.example.com');
  expect((await stat(file)).uid).toBe(isRoot ? 0 : runner);
  expect(await ids(up, 'Uid')).toEqual(Array(4).fill(runner));
});

test('a lease of the hosts entries ends with it all the same', async () => {
  const { up, file } = await sudo({ hosts: { lease: true } }, ['--https-port', '0', '--http-port', 'none']);
  expect(await readFile(file, 'utf8')).toContain('127.0.0.1 example.com');
  expect(await ids(up, 'Uid')).toEqual(Array(4).fill(runner));
  expect(await up.stop()).toBe(0);
  expect(await readFile(file, 'utf8')).toBe(HOSTS);
});
