import { beforeAll, expect, test } from 'vitest';
import { issueAuthority } from '../../../../src/certs/authority.ts';
import { macosStore } from '../../../../src/certs/trust/macos.ts';
import { trustedRoot } from '../../../../src/certs/trust/root-identity.ts';
import type { TrustedRoot, TrustStore } from '../../../../src/certs/trust/types.ts';
import { windowsStore } from '../../../../src/certs/trust/windows.ts';
import { NOT_FOUND, recordingRun, world } from '../../../helpers/certs-fake-stores.ts';

// macOS and Windows by the exact commands that they would run.

let root: TrustedRoot;
let pem: string;
beforeAll(async () => {
  pem = (await issueAuthority('example.com', new Date())).rootPem;
  root = trustedRoot('/Users/me/root.pem', pem) as TrustedRoot;
});

const commandsOf = (store: TrustStore | undefined) => ({
  install: store?.installSteps(root).map(({ file, args }) => [file, ...args]),
  remove: store
    ?.removeSteps({ ...root, storedAs: root.thumbprint, trusted: true })
    .map(({ file, args }) => [file, ...args]),
});

test('macOS: the login keychain, for TLS only, without root', () => {
  const store = macosStore(world({ platform: 'darwin', homeDir: '/Users/me' }));
  const keychain = '/Users/me/Library/Keychains/login.keychain-db';
  expect(store.privileged).toBe(false);
  expect(commandsOf(store)).toEqual({
    install: [
      [
        '/usr/bin/security',
        'add-trusted-cert',
        '-r',
        'trustRoot',
        '-p',
        'ssl',
        '-p',
        'basic',
        '-k',
        keychain,
        '/Users/me/root.pem',
      ],
    ],
    remove: [['/usr/bin/security', 'delete-certificate', '-Z', root.thumbprint, '-t', keychain]],
  });
  expect(root.thumbprint).toMatch(/^[0-9A-F]{40}$/);
});

test('macOS: a certificate counts as trusted only with trust settings of its name', async () => {
  const read = async (settings: string) => {
    const { run } = recordingRun((command) =>
      command.includes('find-certificate')
        ? { stdout: `keychain: x\n${pem}` }
        : { stdout: settings, exitCode: settings === '' ? 1 : 0 },
    );
    return macosStore(world({ platform: 'darwin', run })).facts();
  };
  expect(await read(`Number of trusted certs = 1\nCert 0: ${root.name}\n`)).toMatchObject({
    state: 'usable',
    ours: [{ name: root.name, trusted: true, storedAs: root.thumbprint }],
  });
  expect(await read('')).toMatchObject({ ours: [{ trusted: false }] });
  const { run } = recordingRun(() => NOT_FOUND);
  expect(await macosStore(world({ platform: 'darwin', run })).facts()).toMatchObject({ state: 'unusable' });
});

test('Windows: the user’s Root store through the system’s own certutil, without an administrator', async () => {
  const env = { SystemRoot: String.raw`D:\Win` };
  const store = await windowsStore(world({ platform: 'win32', env }));
  const certutil = String.raw`D:\Win\System32\certutil.exe`;
  expect(store?.privileged).toBe(false);
  expect(commandsOf(store)).toEqual({
    install: [[certutil, '-user', '-addstore', 'Root', '/Users/me/root.pem']],
    remove: [[certutil, '-user', '-delstore', 'Root', root.thumbprint]],
  });
});

test('Windows: the store is read through PowerShell, whose answer is not translated', async () => {
  const base64 = pem.replaceAll(/-----.*-----|\s/g, '');
  const { run, commands } = recordingRun(() => ({ stdout: `${base64}\r\n` }));
  const store = await windowsStore(world({ platform: 'win32', run }));
  expect(await store?.facts()).toMatchObject({
    state: 'usable',
    ours: [
      { name: root.name, fingerprint256: root.fingerprint256, trusted: true, storedAs: root.thumbprint },
    ],
  });
  expect(commands[0]).toContain(
    String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe -NoProfile`,
  );
  expect(commands[0]).toContain(String.raw`Cert:\CurrentUser\Root`);
});

test('Windows: an empty store and a missing PowerShell are told apart', async () => {
  const store = (result: object) =>
    windowsStore(world({ platform: 'win32', run: recordingRun(() => result).run }));
  expect(await (await store({}))?.facts()).toEqual({ state: 'usable', ours: [] });
  expect(await (await store(NOT_FOUND))?.facts()).toMatchObject({ state: 'unusable' });
});

test('other systems have no Windows store', async () => {
  expect(await windowsStore(world({ platform: 'darwin' }))).toBe(undefined);
});
