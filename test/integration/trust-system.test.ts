import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { inspectStores, installTrust, removeTrust } from '../../src/certs/trust/apply.ts';
import { trustedRoot } from '../../src/certs/trust/root-identity.ts';
import { findStores } from '../../src/certs/trust/stores.ts';
import type { TrustedRoot, TrustWorld } from '../../src/certs/trust/types.ts';
import { runCommand } from '../../src/system/run.ts';
import { recordingRun } from '../helpers/certs-fake-stores.ts';
import { digestBytes, makeCertificates, snapshotTree } from '../helpers/certs-files.ts';
import { openTrustNamespace } from '../helpers/certs-namespace.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const ROOT_STEPS = { platform: 'linux', privilege: 'root' } as const;

async function makeRoot(): Promise<TrustedRoot> {
  const { material } = await makeCertificates(await tempDir());
  return trustedRoot(material.caFile, material.caPem) as TrustedRoot;
}

async function worldOf(root: string, overrides: Partial<TrustWorld> = {}): Promise<TrustWorld> {
  const env = { PATH: '/nowhere' };
  return { platform: 'linux', env, homeDir: root, root, run: runCommand, owner: null, ...overrides };
}

test.each([
  [
    'usr/local/share/ca-certificates',
    '.crt',
    '/usr/sbin/update-ca-certificates',
    '/usr/sbin/update-ca-certificates --fresh',
  ],
  [
    'etc/pki/ca-trust/source/anchors',
    '.pem',
    '/usr/bin/update-ca-trust extract',
    '/usr/bin/update-ca-trust extract',
  ],
  [
    'etc/ca-certificates/trust-source/anchors',
    '.pem',
    '/usr/bin/update-ca-trust',
    '/usr/bin/update-ca-trust',
  ],
  [
    'etc/pki/trust/anchors',
    '.pem',
    '/usr/sbin/update-ca-certificates',
    '/usr/sbin/update-ca-certificates --fresh',
  ],
])(
  'the distribution with %s gets an anchor and its own update command',
  async (anchors, extension, update, refresh) => {
    const dir = await tempDir();
    await mkdir(path.join(dir, anchors), { recursive: true });
    const root = await makeRoot();
    const [store] = await findStores(await worldOf(dir), ['system']);
    const anchor = path.join(dir, anchors, `${root.name.replaceAll(' ', '-')}${extension}`);
    const text = (steps: readonly { file: string; args: readonly string[] }[] | undefined) =>
      steps?.map(({ file, args }) => [file, ...args].join(' '));
    expect(store?.privileged).toBe(true);
    expect(text(store?.installSteps(root))).toEqual([`install -m 0644 -- ${root.file} ${anchor}`, update]);
    expect(text(store?.removeSteps({ ...root, storedAs: anchor, trusted: true }))).toEqual([
      `rm -f -- ${anchor}`,
      refresh,
    ]);
  },
);

test('an anchor is trusted only once it has reached the bundle', async () => {
  const dir = await tempDir();
  const anchors = path.join(dir, 'usr/local/share/ca-certificates');
  await mkdir(anchors, { recursive: true });
  await mkdir(path.join(dir, 'etc/ssl/certs'), { recursive: true });
  const root = await makeRoot();
  const stores = await findStores(await worldOf(dir), ['system']);
  const steps = { ...ROOT_STEPS, run: recordingRun().run };
  await copyFile(root.file, path.join(anchors, 'jwt-dev-by-hand.crt'));
  await writeFile(path.join(anchors, 'jwt-dev-notes.txt'), 'not ours');
  await writeFile(path.join(anchors, 'company.crt'), rootCertificates[0] ?? '');
  expect(await inspectStores(stores, root, steps)).toMatchObject([{ status: 'not-trusted' }]);
  await writeFile(path.join(dir, 'etc/ssl/certs/ca-certificates.crt'), `${rootCertificates[0]}\n${root.pem}`);
  expect(await inspectStores(stores, root, steps)).toMatchObject([{ status: 'trusted' }]);
  const { run, commands } = recordingRun();
  await removeTrust(stores, null, { ...ROOT_STEPS, run });
  expect(commands[0]).toBe(`rm -f -- ${path.join(anchors, 'jwt-dev-by-hand.crt')}`);
});

test('a distribution of another kind is told, and is no failure of the others', async () => {
  const stores = await findStores(await worldOf(await tempDir()), ['system']);
  const reports = await installTrust(stores, await makeRoot(), { ...ROOT_STEPS, run: recordingRun().run });
  expect(reports).toMatchObject([{ status: 'unusable', why: expect.stringContaining('ca-certificates') }]);
});

test('inside WSL the store of the Windows outside is served, with paths that Windows understands', async () => {
  const dir = await tempDir();
  await mkdir(path.join(dir, 'proc/sys/kernel'), { recursive: true });
  await writeFile(path.join(dir, 'proc/sys/kernel/osrelease'), '6.6.87.2-microsoft-standard-WSL2\n');
  const root = await makeRoot();
  const wsl = await worldOf(dir, { env: { PATH: '/nowhere', WSL_DISTRO_NAME: 'Ubuntu-24.04' } });
  const [store] = await findStores(wsl, ['windows']);
  expect(store?.installSteps(root)).toEqual([
    {
      file: '/mnt/c/Windows/System32/certutil.exe',
      args: [
        '-user',
        '-addstore',
        'Root',
        String.raw`\\wsl.localhost\Ubuntu-24.04${root.file.replaceAll('/', '\\')}`,
      ],
    },
  ]);
  await writeFile(path.join(dir, 'proc/sys/kernel/osrelease'), '6.12.0-generic\n');
  expect(await findStores(wsl, ['windows'])).toEqual([]);
});

let javaHome: string;
let cacerts: string;
beforeAll(async () => {
  const { realpath } = await import('node:fs/promises');
  javaHome = path.dirname(path.dirname(await realpath('/usr/bin/java')));
  cacerts = await realpath(path.join(javaHome, 'lib/security/cacerts'));
});

/** What a keystore holds, whatever its bytes: names and fingerprints. */
function listKeystore(file: string): readonly string[] {
  const options = ['-J-Duser.language=en', '-list', '-storepass', 'changeit', '-keystore', file];
  const text = execFileSync('keytool', options, { encoding: 'utf8' });
  return text
    .split('\n')
    .filter((line) => /trustedCertEntry|SHA-256/.test(line))
    .map((line) => line.replace(/, \w{3} \d+, \d{4}/, ''))
    .toSorted();
}

test('Java: the JDK of JAVA_HOME gets an alias of ours and loses it again', async () => {
  const home = await tempDir();
  await mkdir(path.join(home, 'lib/security'), { recursive: true });
  await symlink(path.join(javaHome, 'bin'), path.join(home, 'bin'));
  const keystore = path.join(home, 'lib/security/cacerts');
  await copyFile(cacerts, keystore);
  const before = listKeystore(keystore);
  const world = await worldOf(home, { env: { PATH: process.env['PATH'], JAVA_HOME: home } });
  const stores = await findStores(world, ['java']);
  expect(stores).toMatchObject([{ id: `java:${keystore}`, privileged: false }]);
  const root = await makeRoot();
  const steps = { run: runCommand, platform: 'linux', privilege: 'none' } as const;
  expect(await installTrust(stores, root, steps)).toMatchObject([{ status: 'trusted', changed: true }]);
  expect(listKeystore(keystore).join('\n')).toContain(root.name);
  expect(await removeTrust(stores, 'example.com', steps)).toMatchObject([{ status: 'removed' }]);
  expect(listKeystore(keystore)).toEqual(before);
  expect(await readdir(path.join(home, 'lib/security'))).toEqual(['cacerts']);
});

test('Java: a broken JAVA_HOME is told and stops no other store', async () => {
  const home = await tempDir();
  await mkdir(path.join(home, 'lib/security'), { recursive: true });
  await writeFile(path.join(home, 'lib/security/cacerts'), 'not a keystore');
  await mkdir(path.join(home, 'usr/local/share/ca-certificates'), { recursive: true });
  const world = await worldOf(home, { env: { PATH: '/nowhere', JAVA_HOME: home } });
  const stores = await findStores(world, ['system', 'java']);
  const reports = await installTrust(stores, await makeRoot(), { ...ROOT_STEPS, run: recordingRun().run });
  expect(reports.map(({ kind }) => kind)).toEqual(['system', 'java']);
  const real = await installTrust(stores.slice(1), await makeRoot(), { ...ROOT_STEPS, run: runCommand });
  expect(real).toMatchObject([{ status: 'unusable', why: 'it has no keytool' }]);
});

test('Debian’s own tools: trust and untrust leave the stores as they were, without a dangling link', async () => {
  const dir = await tempDir();
  const namespace = await openTrustNamespace(dir);
  onTestFinished(() => namespace.close());
  const ssl = path.join(dir, 'etc/ssl');
  const javaCopy = path.join(ssl, 'certs/java/cacerts');
  const snapshot = async () => ({
    anchors: await snapshotTree(path.join(dir, 'usr/local/share/ca-certificates')),
    // Debian hands its roots on to Java, whose keystore is another file after every change.
    ssl: await snapshotTree(ssl, async (file) => (file === javaCopy ? 'keystore' : digestBytes(file))),
    java: listKeystore(javaCopy),
  });
  // What the tool itself would change at its next run is no difference of ours.
  await namespace.run('/usr/sbin/update-ca-certificates', ['--fresh']);
  const before = await snapshot();
  const world = await worldOf(namespace.root, { env: { PATH: process.env['PATH'] }, run: namespace.run });
  const stores = await findStores(world, ['system', 'java']);
  const root = await makeRoot();
  const steps = { ...ROOT_STEPS, run: namespace.run };
  const installed = await installTrust(stores, root, steps);
  expect(installed.map(({ kind, status }) => [kind, status])).toEqual([
    ['system', 'trusted'],
    ['java', 'trusted'],
  ]);
  expect(await readFile(path.join(ssl, 'certs/ca-certificates.crt'), 'utf8')).toContain(root.pem.trim());
  const removed = await removeTrust(stores, 'example.com', steps);
  expect(removed.map(({ kind, status }) => [kind, status])).toEqual([
    ['system', 'removed'],
    ['java', 'removed'],
  ]);
  expect(await snapshot()).toEqual(before);
  await rm(javaCopy);
});
