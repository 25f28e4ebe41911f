import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { inspectStores, installTrust, removeTrust } from '../../src/certs/trust/apply.ts';
import { findNssPlaces } from '../../src/certs/trust/nss-places.ts';
import { trustedRoot } from '../../src/certs/trust/root-identity.ts';
import { findStores } from '../../src/certs/trust/stores.ts';
import type { TrustedRoot, TrustWorld } from '../../src/certs/trust/types.ts';
import { runCommand } from '../../src/system/run.ts';
import { digestBytes, makeCertificates, snapshotTree } from '../helpers/certs-files.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const STEPS = { run: runCommand, platform: 'linux', privilege: 'none' } as const;
const BROWSERS = ['chromium', 'firefox'] as const;

/** A home below a new directory, and the world that sees only it. */
async function makeHome(files: readonly string[] = []): Promise<TrustWorld & { root: string }> {
  const dir = await tempDir();
  const homeDir = path.join(dir, 'home');
  for (const file of ['.keep', ...files]) {
    await mkdir(path.dirname(path.join(homeDir, file)), { recursive: true });
    await writeFile(path.join(homeDir, file), '');
  }
  return { platform: 'linux', env: cleanEnv(homeDir), homeDir, root: dir, run: runCommand, owner: null };
}

async function makeRoot(): Promise<TrustedRoot> {
  const { material } = await makeCertificates(await tempDir());
  return trustedRoot(material.caFile, material.caPem) as TrustedRoot;
}

function certutil(dir: string, ...args: readonly string[]): string {
  return execFileSync('certutil', ['-d', `sql:${dir}`, ...args], { encoding: 'utf8', stdio: 'pipe' });
}

async function makeDatabase(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  certutil(dir, '-N', '--empty-password');
}

/** A database by its rows: SQLite counts every change in the file's header, also one that is taken back. */
async function digestRows(file: string): Promise<string> {
  if (!file.endsWith('.db')) return digestBytes(file);
  const database = new Database(file, { readonly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  const rows = (tables as { name: string }[]).map(({ name }) => [
    name,
    database.prepare(`SELECT * FROM ${name}`).all(),
  ]);
  database.close();
  return JSON.stringify(rows);
}

test('in a home with Chromium and no database one is made where every version looks, and taken away again', async () => {
  const world = await makeHome();
  const before = await snapshotTree(world.homeDir);
  const root = await makeRoot();
  const stores = await findStores(world, ['chromium']);
  expect(stores.map(({ location }) => location)).toEqual([path.join(world.homeDir, '.pki/nssdb')]);
  expect(await inspectStores(stores, root, STEPS)).toMatchObject([{ status: 'not-trusted' }]);
  expect(await snapshotTree(world.homeDir)).toEqual(before);
  expect(await installTrust(stores, root, STEPS)).toMatchObject([{ status: 'trusted', changed: true }]);
  expect(certutil(path.join(world.homeDir, '.pki/nssdb'), '-L')).toMatch(new RegExp(`${root.name}\\s+C,,`));
  expect(await installTrust(stores, root, STEPS)).toMatchObject([{ status: 'trusted', changed: false }]);
  expect(await removeTrust(stores, 'example.com', STEPS)).toMatchObject([{ status: 'removed' }]);
  expect(await snapshotTree(world.homeDir)).toEqual(before);
});

test('databases that were there keep every row and every other file', async () => {
  const world = await makeHome();
  const places = [
    '.pki/nssdb',
    '.local/share/pki/nssdb',
    '.mozilla/firefox/abc.default',
    '.config/mozilla/firefox/def.default-release',
    'snap/firefox/common/.mozilla/firefox/ghi.default',
    'snap/chromium/current/.pki/nssdb',
    '.var/app/org.mozilla.firefox/.mozilla/firefox/jkl.default',
    '.var/app/com.google.Chrome/data/pki/nssdb',
  ].map((place) => path.join(world.homeDir, place));
  const foreign = await makeRoot();
  for (const place of places) {
    await makeDatabase(place);
    certutil(place, '-A', '-n', 'a company root', '-t', 'CT,C,C', '-i', foreign.file);
  }
  const before = await snapshotTree(world.homeDir, digestRows);
  const root = await makeRoot();
  const stores = await findStores(world, [...BROWSERS]);
  expect(stores.map(({ location }) => location).toSorted()).toEqual(places.toSorted());
  const installed = await installTrust(stores, root, STEPS);
  expect(installed.every(({ status }) => status === 'trusted')).toBe(true);
  for (const place of places) expect(certutil(place, '-L')).toContain(root.name);
  expect(await snapshotTree(world.homeDir, digestRows)).not.toEqual(before);
  const removed = await removeTrust(stores, 'example.com', STEPS);
  expect(removed.every(({ status }) => status === 'removed')).toBe(true);
  expect(await snapshotTree(world.homeDir, digestRows)).toEqual(before);
});

test('a database of ours that somebody else uses by then is theirs: it stays', async () => {
  const world = await makeHome();
  const [root, foreign] = [await makeRoot(), await makeRoot()];
  const stores = await findStores(world, ['chromium']);
  await installTrust(stores, root, STEPS);
  const dir = path.join(world.homeDir, '.pki/nssdb');
  certutil(dir, '-A', '-n', 'a company root', '-t', 'CT,C,C', '-i', foreign.file);
  await removeTrust(stores, 'example.com', STEPS);
  expect(certutil(dir, '-L')).toContain('a company root');
  expect((await readdir(dir)).toSorted()).toEqual(['cert9.db', 'key4.db', 'pkcs11.txt']);
});

test('a database of ours stays while another site’s root is in it', async () => {
  const world = await makeHome();
  const root = await makeRoot();
  const before = await snapshotTree(world.homeDir);
  const { issueAuthority } = await import('../../src/certs/authority.ts');
  const { rootPem } = await issueAuthority('shop.test', new Date());
  const file = path.join(await tempDir(), 'shop.pem');
  await writeFile(file, rootPem);
  const stores = await findStores(world, ['chromium']);
  await installTrust(stores, root, STEPS);
  await installTrust(stores, trustedRoot(file, rootPem) as TrustedRoot, STEPS);
  await removeTrust(stores, 'example.com', STEPS);
  expect(certutil(path.join(world.homeDir, '.pki/nssdb'), '-L')).toMatch(/jwt-dev root \S+ shop\.test/);
  await removeTrust(stores, 'shop.test', STEPS);
  expect(await snapshotTree(world.homeDir)).toEqual(before);
});

test('a Firefox profile without a database gets one, and loses it again', async () => {
  const world = await makeHome(['.mozilla/firefox/abc.default/prefs.js', '.mozilla/firefox/Crash Reports/x']);
  const before = await snapshotTree(world.homeDir);
  const root = await makeRoot();
  const stores = await findStores(world, ['firefox']);
  expect(stores.map(({ label }) => label)).toEqual(['Firefox profile abc.default']);
  expect(await installTrust(stores, root, STEPS)).toMatchObject([{ status: 'trusted' }]);
  await removeTrust(stores, null, STEPS);
  expect(await snapshotTree(world.homeDir)).toEqual(before);
});

test('a trust flag that was taken away makes it not trusted, and it is put back', async () => {
  const world = await makeHome();
  const root = await makeRoot();
  const dir = path.join(world.homeDir, '.pki/nssdb');
  await makeDatabase(dir);
  certutil(dir, '-A', '-n', root.name, '-t', ',,', '-i', root.file);
  const stores = await findStores(world, ['chromium']);
  expect(await inspectStores(stores, root, STEPS)).toMatchObject([{ status: 'not-trusted' }]);
  expect(await installTrust(stores, root, STEPS)).toMatchObject([{ status: 'trusted', changed: true }]);
});

test('a database with a primary password fails at once, leaves nothing behind, and stops no other', async () => {
  const world = await makeHome();
  const locked = path.join(world.homeDir, '.mozilla/firefox/abc.default');
  await mkdir(locked, { recursive: true });
  const password = path.join(world.root, 'password');
  await writeFile(password, 'secret\n');
  certutil(locked, '-N', '-f', password);
  await makeDatabase(path.join(world.homeDir, '.pki/nssdb'));
  const root = await makeRoot();
  const stores = await findStores(world, [...BROWSERS]);
  const reports = await installTrust(stores, root, STEPS);
  expect(reports).toMatchObject([
    { kind: 'chromium', status: 'trusted' },
    {
      kind: 'firefox',
      status: 'failed',
      why: expect.stringContaining('SEC_ERROR_BAD_PASSWORD'),
      commands: [`certutil -A -d sql:${locked} -n '${root.name}' -t C,, -i ${root.file}`],
    },
  ]);
  expect(certutil(locked, '-L')).not.toContain('jwt-dev');
});

test('a broken database is named, and stops no other', async () => {
  const world = await makeHome();
  await makeDatabase(path.join(world.homeDir, '.local/share/pki/nssdb'));
  await makeDatabase(path.join(world.homeDir, '.pki/nssdb'));
  await writeFile(path.join(world.homeDir, '.pki/nssdb/cert9.db'), 'not a database');
  const reports = await installTrust(await findStores(world, ['chromium']), await makeRoot(), STEPS);
  expect(reports.map(({ status }) => status)).toEqual(['unusable', 'trusted']);
  expect(reports[0]?.why).toContain('certutil cannot read it');
});

test.each([
  ['ID=debian\n', 'sudo apt install libnss3-tools'],
  ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', 'sudo apt install libnss3-tools'],
  ['ID=fedora\n', 'sudo dnf install nss-tools'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'sudo dnf install nss-tools'],
  ['ID=endeavouros\nID_LIKE=arch\n', 'sudo pacman -S nss'],
  ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'sudo zypper install mozilla-nss-tools'],
  ['ID=alpine\n', 'sudo apk add nss-tools'],
  ['ID=plan9\n', 'Install the NSS tools of your distribution (certutil).'],
])('without certutil the exact install command is named: %j', async (osRelease, command) => {
  const world = await makeHome(['.mozilla/firefox/abc.default/prefs.js']);
  await mkdir(path.join(world.root, 'etc'));
  await writeFile(path.join(world.root, 'etc/os-release'), osRelease);
  const stores = await findStores({ ...world, env: { PATH: world.root } }, ['firefox']);
  const [report] = await installTrust(stores, await makeRoot(), STEPS);
  expect(report).toMatchObject({ status: 'unusable', changed: false });
  expect(report?.why).toContain(command);
});

test('the new place of Chromium is never hidden by an old one of our making', async () => {
  const world = await makeHome();
  const recent = path.join(world.homeDir, '.local/share/pki/nssdb');
  await mkdir(recent, { recursive: true });
  expect((await findNssPlaces(world)).map(({ dir }) => dir)).toEqual([recent]);
});

test('without a browser no database is made; one that is downloaded for tests counts', async () => {
  const bare = await makeHome();
  expect(await findNssPlaces({ ...bare, env: { PATH: bare.root } })).toEqual([]);
  const playwright = await makeHome(['.cache/ms-playwright/chromium-1200/chrome']);
  expect(await findNssPlaces({ ...playwright, env: { PATH: playwright.root } })).toHaveLength(1);
  const program = path.join(bare.root, 'google-chrome');
  await copyFile('/bin/true', program);
  await chmod(program, 0o755);
  expect(await findNssPlaces({ ...bare, env: { PATH: bare.root } })).toHaveLength(1);
});

test('XDG variables move the places; relative ones are ignored', async () => {
  const world = await makeHome(['config/mozilla/firefox/abc/prefs.js', 'data/pki/nssdb/cert9.db']);
  const env = (data: string, config: string) => ({
    PATH: world.root,
    XDG_DATA_HOME: data,
    XDG_CONFIG_HOME: config,
  });
  const at = (name: string): string => path.join(world.homeDir, name);
  expect(
    (await findNssPlaces({ ...world, env: env(at('data'), at('config')) })).map(({ dir }) => dir),
  ).toEqual([at('data/pki/nssdb'), at('config/mozilla/firefox/abc')]);
  expect(await findNssPlaces({ ...world, env: env('data', 'config') })).toEqual([]);
});

test('on macOS only Firefox has databases, on Windows nothing has', async () => {
  const world = await makeHome([
    'Library/Application Support/Firefox/Profiles/abc/cert9.db',
    '.pki/nssdb/cert9.db',
  ]);
  const darwin = await findNssPlaces({ ...world, platform: 'darwin' });
  expect(darwin.map(({ kind }) => kind)).toEqual(['firefox']);
  expect(await findNssPlaces({ ...world, platform: 'win32' })).toEqual([]);
  await rm(world.homeDir, { recursive: true });
});
