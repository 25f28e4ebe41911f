import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { splitPem } from '../../src/certs/facts.ts';
import { ensureClientFiles } from '../../src/environment/client-files.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const [ca = '', system = '', company = '', other = ''] = rootCertificates.map((pem) => `${pem}\n`);

async function place() {
  const dir = await tempDir();
  const file = (name: string): string => path.join(dir, name);
  await writeFile(file('ca.pem'), ca);
  await writeFile(file('bundle.pem'), system + ca);
  await writeFile(file('company.pem'), `# Company proxy\r\n${company.replaceAll('\n', '\r\n')}`);
  await writeFile(file('other.pem'), other);
  await writeFile(file('preload.cjs'), '// preload\n');
  const ensure = (env: Readonly<Record<string, string>>) =>
    ensureClientFiles({
      facts: { caFile: file('ca.pem'), bundleFile: file('bundle.pem') },
      env,
      stateDir: path.join(dir, 'state'),
      owner: null,
      preload: pathToFileURL(file('preload.cjs')),
    });
  return { dir, file, ensure };
}

const certificates = async (name: string): Promise<readonly string[]> =>
  splitPem(await readFile(name, 'utf8'));

test('without certificates of the user the files of the environment are named as they are', async () => {
  const { file, ensure } = await place();
  const found = await ensure({ NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: file('missing.pem') });
  expect(found).toMatchObject({ extraCaFile: file('ca.pem'), bundleFile: file('bundle.pem') });
  expect(await readFile(found.preloadFile, 'utf8')).toBe('// preload\n');
});

test('certificates of the user are trusted beside ours', async () => {
  const { file, ensure } = await place();
  const found = await ensure({
    NODE_EXTRA_CA_CERTS: file('company.pem'),
    REQUESTS_CA_BUNDLE: file('other.pem'),
  });
  expect(await certificates(found.extraCaFile)).toEqual([company, ca]);
  expect(await certificates(found.bundleFile)).toEqual([company, other, system, ca]);
});

test('asked again with its own answer it makes nothing new', async () => {
  const { dir, file, ensure } = await place();
  const first = await ensure({ NODE_EXTRA_CA_CERTS: file('company.pem') });
  const made = await readdir(path.join(dir, 'state', 'clients'));
  const again = await ensure({ NODE_EXTRA_CA_CERTS: first.extraCaFile, SSL_CERT_FILE: first.bundleFile });
  expect(again).toEqual(first);
  expect(await readdir(path.join(dir, 'state', 'clients'))).toEqual(made);
});

test('a reinstallation that changes the preload leaves the one that running processes were given', async () => {
  const { file, ensure } = await place();
  const first = await ensure({});
  await writeFile(file('preload.cjs'), '// a newer one\n');
  const second = await ensure({});
  expect(second.preloadFile).not.toBe(first.preloadFile);
  expect(await readFile(first.preloadFile, 'utf8')).toBe('// preload\n');
});
