import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { JsonGeneralName } from '@peculiar/x509';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { StoreReport } from '../../src/certs/trust/report.ts';
import { type ClientReport, verifyByHandshake } from '../../src/certs/verify/handshake.ts';
import type { CertsAnswer } from '../../src/commands/certs-report.ts';
import { digestBytes, snapshotTree } from '../helpers/certs-files.ts';
import { forgeLeaf } from '../helpers/certs-forgery.ts';
import { openTrustNamespace, type TrustNamespace } from '../helpers/certs-namespace.ts';
import { type CliResult, cleanEnv } from '../helpers/cli.ts';

// The installed product against the real clients and the system's real tools, in copies of the machine's stores.

const ALWAYS_PRESENT = ['chromium', 'firefox', 'curl', 'node', 'python'];

let dir: string;
let home: string;
let namespace: TrustNamespace;
let before: unknown;

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-test-'));
  namespace = await openTrustNamespace(path.join(dir, 'stores'));
  await namespace.run('/usr/sbin/update-ca-certificates', ['--fresh']);
  home = path.join(dir, 'home');
  const profile = path.join(home, '.mozilla/firefox/abc.default');
  await mkdir(profile, { recursive: true });
  await mkdir(path.join(dir, 'project'));
  await writeFile(path.join(profile, 'times.json'), '{}');
  before = await snapshot();
});
afterAll(async () => {
  namespace.close();
  await rm(dir, { recursive: true, force: true });
});

/** Stores and home, file by file. Java's keystore is another file after every change: its list is compared. */
async function snapshot(): Promise<unknown> {
  const cacerts = path.join(dir, 'stores/etc/ssl/certs/java/cacerts');
  const list = ['-J-Duser.language=en', '-list', '-storepass', 'changeit', '-keystore', cacerts];
  const { stdout } = await namespace.run('keytool', list);
  return {
    stores: await snapshotTree(path.join(dir, 'stores'), async (file) =>
      file === cacerts ? 'keystore' : digestBytes(file),
    ),
    java: stdout.match(/^Certificate fingerprint.*$/gm)?.toSorted(),
    home: await snapshotTree(home),
  };
}

function jwtDev(...args: readonly string[]): Promise<CliResult> {
  const command = [process.execPath, inject('installedBin'), ...args];
  const options = {
    cwd: path.join(dir, 'project'),
    env: cleanEnv(home, { JWT_DEV_HOME: path.join(dir, 'own') }),
  };
  return new Promise((resolve, reject) => {
    execFile(
      'nsenter',
      [`--mount=${namespace.file}`, `--wd=${options.cwd}`, '--', ...command],
      options,
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

function verify(material: { keyPem: string; chainPem: string; caFile: string }, hostname: string) {
  const world = {
    platform: 'linux' as const,
    env: cleanEnv(home),
    homeDir: home,
    root: namespace.root,
    run: namespace.run,
    owner: null,
    isRoot: process.getuid?.() === 0,
  };
  return verifyByHandshake({ material, hostname, world, temporaryDir: dir });
}

const connected = (reports: readonly ClientReport[]): readonly string[] =>
  reports.filter((report) => report.connected === true).map(({ id }) => id);
const refused = (reports: readonly ClientReport[]): readonly string[] =>
  reports.filter((report) => report.connected === false).map(({ id }) => id);

test('after trust every browser and tool connects, and nothing is switched off', async () => {
  const { stdout, exitCode } = await jwtDev('trust', '--verify', '--json');
  const { stores, clients } = JSON.parse(stdout) as { stores: StoreReport[]; clients: ClientReport[] };
  expect(stores.map(({ kind, status }) => [kind, status])).toEqual(
    expect.arrayContaining([
      ['system', 'trusted'],
      ['chromium', 'trusted'],
      ['firefox', 'trusted'],
    ]),
  );
  expect(refused(clients)).toEqual([]);
  expect(connected(clients)).toEqual(expect.arrayContaining(ALWAYS_PRESENT));
  expect(exitCode).toBe(0);
  const certs = JSON.parse((await jwtDev('certs', '--json')).stdout) as CertsAnswer;
  expect(Object.values(certs.authority?.trusted ?? {})).toEqual(stores.map(() => true));
  expect((await jwtDev('trust', '--check')).exitCode).toBe(0);
});

test.each<[string, string, readonly JsonGeneralName[] | null]>([
  ['another site', 'www.google.com', [{ type: 'dns', value: 'www.google.com' }]],
  ['another site by its common name alone', 'www.google.com', null],
  ['an IP address', '127.0.0.1', [{ type: 'ip', value: '127.0.0.1' }]],
  [
    'another site behind a name of ours',
    'example.org',
    [
      { type: 'dns', value: 'example.com' },
      { type: 'dns', value: 'example.org' },
    ],
  ],
])(
  'what a thief of the intermediate’s key signs is refused by every client: %s',
  async (_case, hostname, names) => {
    const { authority } = JSON.parse((await jwtDev('certs', '--json')).stdout) as CertsAnswer;
    const caFile = authority?.file ?? '';
    const read = (name: string) => readFile(path.join(path.dirname(caFile), name), 'utf8');
    const stolen = {
      intermediatePem: await read('intermediate.pem'),
      intermediateKeyPem: await read('intermediate-key.pem'),
    };
    const reports = await verify({ ...(await forgeLeaf(stolen, hostname, names)), caFile }, hostname);
    expect(connected(reports)).toEqual([]);
    expect(refused(reports)).toEqual(expect.arrayContaining(ALWAYS_PRESENT));
    // For its names, not because a client could not be started.
    const reason = /subtree violation|name constraints|ERR_CERT_(COMMON_NAME_)?INVALID|ALERT_BAD_CERTIFICATE/;
    for (const { connected: tried, note } of reports) if (tried !== null) expect(note).toMatch(reason);
  },
);

test('after untrust stores and home are as before, file by file, and the clients refuse', async () => {
  const { authority, leaf, chainFile } = JSON.parse((await jwtDev('certs', '--json')).stdout) as CertsAnswer;
  const { exitCode, stdout } = await jwtDev('untrust', '--json');
  const { stores } = JSON.parse(stdout) as { stores: StoreReport[] };
  expect(stores.every(({ status }) => status === 'removed')).toBe(true);
  expect(exitCode).toBe(0);
  expect(await snapshot()).toEqual(before);
  expect((await jwtDev('trust', '--check')).exitCode).toBe(3);
  const material = {
    keyPem: await readFile(leaf.keyFile, 'utf8'),
    chainPem: await readFile(chainFile, 'utf8'),
    caFile: authority?.file ?? '',
  };
  // Node before 22.15 knows no system store: it is always given the CA file, and so it still connects.
  const reports = await verify(material, 'example.com');
  expect(connected(reports).filter((id) => id !== 'node')).toEqual([]);
});
