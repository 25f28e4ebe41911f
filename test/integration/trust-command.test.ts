import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { StoreReport } from '../../src/certs/trust/report.ts';
import { runTrust, runUntrust } from '../../src/commands/trust.ts';
import { commandWorld } from '../helpers/certs-context.ts';
import { snapshotTree } from '../helpers/certs-files.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A home with one Firefox profile; only the browsers' stores are touched, so no test needs root. */
async function project(): Promise<{ dir: string; homeDir: string }> {
  const dir = await tempDir();
  const homeDir = path.join(dir, 'home');
  await mkdir(path.join(homeDir, '.mozilla/firefox/abc.default'), { recursive: true });
  await writeFile(path.join(homeDir, '.mozilla/firefox/abc.default/times.json'), '{}');
  return { dir, homeDir };
}

const BROWSERS = { store: ['chromium', 'firefox'] } as const;

test('trust, check, untrust: exit codes, tables, and a home as it was', async () => {
  const { dir, homeDir } = await project();
  const before = await snapshotTree(homeDir);
  const { context, config, stdout, stderr } = await commandWorld(dir);
  expect(await runTrust({ ...BROWSERS, check: true }, context, config)).toBe(3);
  expect(await snapshotTree(homeDir)).toEqual(before);
  expect(await runTrust(BROWSERS, context, config)).toBe(0);
  expect(stderr()).toContain(
    `Chromium: ${homeDir}/.pki/nssdb\n  certutil -A -d sql:${homeDir}/.pki/nssdb -n`,
  );
  expect(stdout()).toMatch(/Firefox profile abc\.default +trusted +\S+abc\.default\n$/);
  expect(await runTrust({ ...BROWSERS, check: true }, context, config)).toBe(0);
  expect(await runUntrust(BROWSERS, context, config)).toBe(0);
  expect(await snapshotTree(homeDir)).toEqual(before);
  expect(await runUntrust(BROWSERS, context, config)).toBe(0);
  expect(await runTrust({ ...BROWSERS, check: true }, context, config)).toBe(3);
});

test('--json is one value with a report for each store', async () => {
  const { dir, homeDir } = await project();
  const { context, config, stdout } = await commandWorld(dir, { json: true });
  await runTrust(BROWSERS, context, config);
  const { stores } = JSON.parse(stdout()) as { stores: StoreReport[] };
  expect(stores).toEqual([
    {
      id: `chromium:${homeDir}/.pki/nssdb`,
      kind: 'chromium',
      label: 'Chromium',
      location: `${homeDir}/.pki/nssdb`,
      status: 'trusted',
      changed: true,
      why: null,
      commands: [],
    },
    expect.objectContaining({ kind: 'firefox', status: 'trusted', changed: true }),
  ]);
});

test('--dry-run shows the commands and changes no store', async () => {
  const { dir, homeDir } = await project();
  const before = await snapshotTree(homeDir);
  const { context, config, stdout } = await commandWorld(dir);
  expect(await runTrust({ ...BROWSERS, dryRun: true }, context, config)).toBe(0);
  expect(stdout().match(/certutil -A/g)).toHaveLength(2);
  expect(await snapshotTree(homeDir)).toEqual(before);
  await runTrust(BROWSERS, context, config);
  const trusted = await snapshotTree(homeDir);
  expect(await runUntrust({ ...BROWSERS, dryRun: true }, context, config)).toBe(0);
  expect(stdout().match(/certutil -D/g)).toHaveLength(2);
  expect(await snapshotTree(homeDir)).toEqual(trusted);
});

test('without root and without a terminal: exit 4 with the command, and the other stores are done', async () => {
  const { dir } = await project();
  const { context, config, stdout } = await commandWorld(dir);
  expect(await runTrust({ store: ['system', 'chromium'] }, context, config)).toBe(4);
  expect(stdout()).toMatch(/^system \(.*\) +needs root +only root may change it\nChromium +trusted/);
  expect(stdout()).toContain('To do by hand:\n  sudo install -m 0644 -- ');
  expect(stdout()).toContain('\n  sudo /usr/sbin/update-ca-certificates\n');
});

test('in a terminal the steps of the system store, and no others, go through sudo', async () => {
  const { dir } = await project();
  const commands: string[][] = [];
  const world = await commandWorld(dir, {
    interactive: true,
    run: async (file, args) => {
      commands.push([file, ...args]);
      return {
        exitCode: 1,
        stdout: '',
        stderr: 'sudo: 3 incorrect password attempts',
        errno: undefined,
        timedOut: false,
      };
    },
  });
  expect(await runTrust({ store: ['system'] }, world.context, world.config)).toBe(1);
  expect(commands.map(([file]) => file)).toEqual(['sudo']);
  expect(commands[0]).toContain('install');
  expect(world.stdout()).toContain('3 incorrect password attempts');
});

test('a missing tool in one store is exit 1 for trust, and none for untrust', async () => {
  const { dir } = await project();
  const world = await commandWorld(dir);
  const context = { ...world.context, env: { PATH: dir } };
  expect(await runTrust({ store: ['firefox'] }, context, world.config)).toBe(1);
  expect(world.stdout()).toMatch(/not possible +certutil is not installed\. Install it with: /);
  expect(await runUntrust({ store: ['firefox'] }, context, world.config)).toBe(0);
});

test('a store that this machine does not have is a mistake in the command', async () => {
  const { dir } = await project();
  const { context, config } = await commandWorld(dir);
  await expect(runTrust({ store: ['macos'] }, context, config)).rejects.toMatchObject({
    code: 'ERR_USAGE',
    message: 'This machine has no trust store of the kind macos.',
  });
});

test('in self-signed mode there is nothing to trust', async () => {
  const { dir } = await project();
  await writeFile(path.join(dir, 'jwt-dev.config.json'), JSON.stringify({ tls: { mode: 'self-signed' } }));
  const { context, config } = await commandWorld(dir);
  await expect(runTrust({}, context, config)).rejects.toMatchObject({ code: 'ERR_USAGE' });
});

test('untrust finds our roots also where the CA’s own files are gone', async () => {
  const { dir, homeDir } = await project();
  const before = await snapshotTree(homeDir);
  const { context, config } = await commandWorld(dir);
  await runTrust(BROWSERS, context, config);
  await rm(path.join(dir, 'data'), { recursive: true });
  await rm(path.join(dir, 'state'), { recursive: true });
  expect(await runUntrust({ ...BROWSERS, all: true }, context, config)).toBe(0);
  expect(await snapshotTree(homeDir)).toEqual(before);
});

test('a new CA replaces the old one in every store', async () => {
  const { dir, homeDir } = await project();
  const before = await snapshotTree(homeDir);
  const { context, config } = await commandWorld(dir);
  await runTrust(BROWSERS, context, config);
  const { runCerts } = await import('../../src/commands/certs.ts');
  await runCerts({ renew: 'authority' }, context, config);
  expect(await runTrust({ ...BROWSERS, check: true }, context, config)).toBe(3);
  expect(await runTrust(BROWSERS, context, config)).toBe(0);
  const { execFileSync } = await import('node:child_process');
  const listing = execFileSync('certutil', ['-L', '-d', `sql:${homeDir}/.pki/nssdb`], { encoding: 'utf8' });
  expect(listing.match(/jwt-dev root/g)).toHaveLength(1);
  await runUntrust(BROWSERS, context, config);
  expect(await snapshotTree(homeDir)).toEqual(before);
});
