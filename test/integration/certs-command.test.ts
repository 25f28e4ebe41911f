import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { expect, test } from 'vitest';
import { runCerts } from '../../src/commands/certs.ts';
import type { CertsAnswer } from '../../src/commands/certs-report.ts';
import { commandWorld } from '../helpers/certs-context.ts';
import { tempDir } from '../helpers/temp-dir.ts';

async function certsJson(dir: string): Promise<CertsAnswer> {
  const { context, config, stdout } = await commandWorld(dir, { json: true });
  expect(await runCerts({}, context, config)).toBe(0);
  return JSON.parse(stdout()) as CertsAnswer;
}

test('--json says all of it, with these fields and no others', async () => {
  const dir = await tempDir();
  await mkdir(path.join(dir, 'home/.pki/nssdb'), { recursive: true });
  const answer = await certsJson(dir);
  const { authority, leaf } = answer;
  expect(Object.keys(answer)).toEqual(['mode', 'authority', 'leaf', 'chainFile', 'bundleFile']);
  expect(Object.keys(authority ?? {})).toEqual([
    'file',
    'fingerprint256',
    'notAfter',
    'constraints',
    'trusted',
  ]);
  expect(Object.keys(leaf)).toEqual(['certFile', 'keyFile', 'names', 'notAfter']);
  expect(answer.mode).toBe('ca');
  const root = new X509Certificate(await readFile(authority?.file ?? ''));
  expect(authority?.fingerprint256).toBe(root.fingerprint256);
  expect(authority?.notAfter).toBe(new Date(root.validTo).toISOString());
  expect(authority?.constraints).toEqual([
    'permitted DNS: example.com and its subdomains',
    'permitted e-mail: @example.com',
    'permitted URI host: example.com',
    'excluded IP: 0.0.0.0/0',
    'excluded IP: ::/0',
  ]);
  expect(authority?.trusted).toMatchObject({ [`chromium:${dir}/home/.pki/nssdb`]: false });
  expect(leaf.names).toEqual(['example.com', 'api.example.com']);
  const certificate = new X509Certificate(await readFile(leaf.certFile));
  expect(leaf.notAfter).toBe(new Date(certificate.validTo).toISOString());
  createSecureContext({ cert: await readFile(answer.chainFile), key: await readFile(leaf.keyFile) });
  expect(await readFile(answer.bundleFile, 'utf8')).toContain(await readFile(authority?.file ?? '', 'utf8'));
});

test('the constraints that are told are those of the certificate', async () => {
  const dir = await tempDir();
  const { authority } = await certsJson(dir);
  const { execFileSync } = await import('node:child_process');
  const text = execFileSync(
    'openssl',
    ['x509', '-in', authority?.file ?? '', '-noout', '-ext', 'nameConstraints'],
    {
      encoding: 'utf8',
    },
  );
  expect(text.replaceAll(/\s+/g, ' ').trim()).toBe(
    'X509v3 Name Constraints: critical Permitted: DNS:example.com email:example.com URI:example.com ' +
      'Excluded: IP:0.0.0.0/0.0.0.0 IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0',
  );
});

test('for people it names files, dates and the next step, and says on stderr what was made', async () => {
  const dir = await tempDir();
  const { context, config, stdout, stderr } = await commandWorld(dir);
  await runCerts({}, context, config);
  expect(stderr()).toBe(
    'Made a new local CA for example.com: there was none.\nMade a new certificate for example.com: there was none.\n',
  );
  expect(stdout()).toContain(`Local CA       ${dir}/data/authorities/example.com/root.pem\n`);
  expect(stdout()).toContain('  signs for    example.com and its subdomains, nothing else\n');
  expect(stdout()).toContain('  names        example.com, api.example.com\n');
  expect(stdout()).toContain('\nNext:\n  npx jwt-dev trust\n');
  const again = await commandWorld(dir);
  await runCerts({}, again.context, again.config);
  expect(again.stderr()).toBe('');
  expect(again.stdout()).toBe(stdout());
});

test('--path is the CA file and nothing else', async () => {
  const dir = await tempDir();
  const { context, config, stdout } = await commandWorld(dir);
  await runCerts({ path: true }, context, config);
  expect(stdout()).toBe(`${dir}/data/authorities/example.com/root.pem\n`);
});

test('--renew makes a leaf and keeps the CA; --renew authority makes both and says what follows', async () => {
  const dir = await tempDir();
  const first = await certsJson(dir);
  const rootBefore = await readFile(first.authority?.file ?? '');
  const leafBefore = await readFile(first.leaf.certFile);
  const renewing = await commandWorld(dir);
  await runCerts({ renew: true }, renewing.context, renewing.config);
  expect(renewing.stderr()).toBe('Made a new certificate for example.com: you asked for it.\n');
  expect(await readFile(first.authority?.file ?? '')).toEqual(rootBefore);
  expect(await readFile(first.leaf.certFile)).not.toEqual(leafBefore);
  const replacing = await commandWorld(dir);
  await runCerts({ renew: 'authority' }, replacing.context, replacing.config);
  expect(replacing.stderr()).toContain('Made a new local CA for example.com: you asked for it.');
  expect(replacing.stderr()).toContain('Run: npx jwt-dev trust');
  expect(await readFile(first.authority?.file ?? '')).not.toEqual(rootBefore);
});

test('--export writes four files that fit, the key for its owner only', async () => {
  const dir = await tempDir();
  const { context, config, stdout } = await commandWorld(dir, { json: true });
  await runCerts({ export: 'out' }, context, config);
  const files = JSON.parse(stdout()) as Record<string, string>;
  expect(files).toEqual({
    caFile: `${dir}/out/ca.pem`,
    certFile: `${dir}/out/cert.pem`,
    chainFile: `${dir}/out/chain.pem`,
    keyFile: `${dir}/out/key.pem`,
  });
  createSecureContext({
    cert: await readFile(`${dir}/out/chain.pem`),
    key: await readFile(`${dir}/out/key.pem`),
  });
  expect((await stat(`${dir}/out/key.pem`)).mode & 0o777).toBe(0o600);
});

test('--export again is fine, but never replaces what is not the same without --force', async () => {
  const dir = await tempDir();
  const { context, config } = await commandWorld(dir);
  await runCerts({ export: 'out' }, context, config);
  expect(await runCerts({ export: 'out' }, context, config)).toBe(0);
  await writeFile(`${dir}/out/key.pem`, 'the key of my server');
  await expect(runCerts({ export: 'out' }, context, config)).rejects.toMatchObject({
    code: 'ERR_FILE_WRITE',
    message: expect.stringContaining(`${dir}/out/key.pem`),
  });
  expect(await readFile(`${dir}/out/key.pem`, 'utf8')).toBe('the key of my server');
  expect(await runCerts({ export: 'out', force: true }, context, config)).toBe(0);
});

test('in self-signed mode there is no authority', async () => {
  const dir = await tempDir();
  await writeFile(path.join(dir, 'jwt-dev.config.json'), JSON.stringify({ tls: { mode: 'self-signed' } }));
  const answer = await certsJson(dir);
  expect(answer).toMatchObject({ mode: 'self-signed', authority: null });
  expect(answer.chainFile).toBe(answer.leaf.certFile);
  const { context, config, stdout } = await commandWorld(dir);
  await runCerts({}, context, config);
  expect(stdout()).toMatch(/^Self-signed/);
});
