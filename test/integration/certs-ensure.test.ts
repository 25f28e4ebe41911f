import { chmod, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ensureCertificates } from '../../src/certs/ensure.ts';
import { readCertificateFacts } from '../../src/certs/facts.ts';
import { certificateInput, digestBytes, snapshotTree } from '../helpers/certs-files.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const DAY_MS = 24 * 3_600_000;
const later = (days: number) => () => new Date(Date.now() + days * DAY_MS);
const AUTHORITY = 'data/authorities/example.com';
const FILES = [
  `${AUTHORITY}/root.pem`,
  `${AUTHORITY}/intermediate.pem`,
  `${AUTHORITY}/intermediate-key.pem`,
  'state/project/certs/leaf.pem',
  'state/project/certs/leaf-chain.pem',
  'state/project/certs/leaf-key.pem',
];

test('the first run makes exactly these files, with keys that only their owner can read', async () => {
  const dir = await tempDir();
  const material = await ensureCertificates(certificateInput(dir));
  expect(material.issued.map(({ what, reason }) => [what, reason])).toEqual([
    ['authority', 'missing'],
    ['leaf', 'missing'],
  ]);
  const found = await snapshotTree(dir, async (file) => (file.endsWith('-key.pem') ? 'key' : 'certificate'));
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  expect(found).toEqual({
    data: 'directory 700',
    'data/authorities': 'directory 700',
    [AUTHORITY]: 'directory 700',
    [`${AUTHORITY}/intermediate-key.pem`]: `file 600 ${owner} key`,
    [`${AUTHORITY}/intermediate.pem`]: `file 644 ${owner} certificate`,
    [`${AUTHORITY}/root.pem`]: `file 644 ${owner} certificate`,
    state: 'directory 700',
    'state/project': 'directory 700',
    'state/project/certs': 'directory 700',
    'state/project/certs/leaf-chain.pem': `file 644 ${owner} certificate`,
    'state/project/certs/leaf-key.pem': `file 600 ${owner} key`,
    'state/project/certs/leaf.pem': `file 644 ${owner} certificate`,
  });
});

test('two private keys are on disk, the intermediate’s and the leaf’s; neither is the root’s', async () => {
  const dir = await tempDir();
  const { caPem } = await ensureCertificates(certificateInput(dir));
  const { createPrivateKey, X509Certificate } = await import('node:crypto');
  const root = new X509Certificate(caPem);
  const keys: boolean[] = [];
  for (const name of await readdir(dir, { recursive: true })) {
    if (!name.endsWith('.pem')) continue;
    const text = await readFile(path.join(dir, name), 'utf8');
    if (text.includes('PRIVATE KEY')) keys.push(root.checkPrivateKey(createPrivateKey(text)));
  }
  expect(keys).toEqual([false, false]);
});

test.each(['ca', 'self-signed'] as const)(
  'the lock of a process that was killed after its last %s certificate goes with the next run',
  async (mode) => {
    const dir = await tempDir();
    const input = { ...certificateInput(dir), mode };
    await ensureCertificates(input);
    const lock = path.join(dir, mode === 'ca' ? `${AUTHORITY}.lock` : 'state/project/certs.lock');
    await writeFile(lock, 'cut off by a crash of the machine');
    await utimes(lock, new Date(0), new Date(0));
    await ensureCertificates(input);
    await expect(stat(lock)).rejects.toMatchObject({ code: 'ENOENT' });
  },
);

test('good certificates are returned as they are, and nothing is written', async () => {
  const dir = await tempDir();
  const first = await ensureCertificates(certificateInput(dir));
  const times = () =>
    Promise.all(FILES.map(async (file) => (await stat(path.join(dir, file), { bigint: true })).ctimeNs));
  const before = await times();
  const second = await ensureCertificates(certificateInput(dir));
  expect(second).toEqual({ ...first, issued: [] });
  expect(await times()).toEqual(before);
});

test('a project with other hosts on the same site reuses the CA; another site gets its own', async () => {
  const dir = await tempDir();
  const first = await ensureCertificates(certificateInput(dir));
  const stateDir = path.join(dir, 'state', 'other');
  const second = await ensureCertificates(
    certificateInput(dir, { stateDir, hostnames: ['app.example.com', 'api.example.com'] }),
  );
  expect(second.fingerprint256).toBe(first.fingerprint256);
  expect(second.issued.map(({ what }) => what)).toEqual(['leaf']);
  const third = await ensureCertificates(
    certificateInput(dir, {
      stateDir: path.join(dir, 'state', 'third'),
      site: 'shop.test',
      hostnames: ['shop.test'],
    }),
  );
  expect(third.fingerprint256).not.toBe(first.fingerprint256);
});

test('new host names get a new leaf from the same CA', async () => {
  const dir = await tempDir();
  const first = await ensureCertificates(certificateInput(dir));
  const hostnames = ['example.com', 'api.example.com', 'app.example.com'];
  const second = await ensureCertificates(certificateInput(dir, { hostnames }));
  expect(second.issued).toEqual([{ what: 'leaf', reason: 'names-changed', file: null }]);
  expect(second.caPem).toBe(first.caPem);
  expect(readCertificateFacts(second.chainPem)?.names).toEqual(hostnames);
});

test('names outside the site are refused before anything is made', async () => {
  const dir = await tempDir();
  const input = certificateInput(dir, { hostnames: ['example.com', 'example.org', 'notexample.com'] });
  await expect(ensureCertificates(input)).rejects.toMatchObject({
    code: 'ERR_CONFIG_INVALID',
    message: expect.stringContaining('example.org, notexample.com'),
  });
  expect(await readdir(dir)).toEqual([]);
});

test('the leaf is renewed ten days before its end, the CA stays', async () => {
  const dir = await tempDir();
  const first = await ensureCertificates(certificateInput(dir));
  const kept = await ensureCertificates(certificateInput(dir, { now: later(19) }));
  expect(kept.issued).toEqual([]);
  const renewed = await ensureCertificates(certificateInput(dir, { now: later(21) }));
  expect(renewed.issued).toEqual([{ what: 'leaf', reason: 'expiring', file: null }]);
  expect(renewed.caPem).toBe(first.caPem);
  expect(renewed.notAfter > first.notAfter).toBe(true);
});

test('a CA that ends soon is replaced together with its leaf', async () => {
  const dir = await tempDir();
  const first = await ensureCertificates(certificateInput(dir));
  const renewed = await ensureCertificates(certificateInput(dir, { now: later(5 * 365 - 29) }));
  expect(renewed.issued.map(({ what, reason }) => [what, reason])).toEqual([
    ['authority', 'expiring'],
    ['leaf', 'expiring'],
  ]);
  expect(renewed.fingerprint256).not.toBe(first.fingerprint256);
});

test('a clock that went back to before the CA was made is named, and the CA is kept', async () => {
  const dir = await tempDir();
  const made = await ensureCertificates(certificateInput(dir, { now: later(40) }));
  const before = await snapshotTree(dir);
  await expect(ensureCertificates(certificateInput(dir))).rejects.toMatchObject({ code: 'ERR_CERTS_CLOCK' });
  expect(await snapshotTree(dir)).toEqual(before);
  const forced = await ensureCertificates(certificateInput(dir, { renew: 'authority' }));
  expect(forced.issued[0]).toMatchObject({ what: 'authority', reason: 'requested' });
  expect(forced.fingerprint256).not.toBe(made.fingerprint256);
});

test('a leaf from the future is replaced: the clock was ahead when it was made', async () => {
  const dir = await tempDir();
  await ensureCertificates(certificateInput(dir));
  await ensureCertificates(certificateInput(dir, { now: later(100) }));
  const { issued } = await ensureCertificates(certificateInput(dir));
  expect(issued).toEqual([{ what: 'leaf', reason: 'clock', file: null }]);
});

test('with a clock in 1970 nothing is made', async () => {
  const dir = await tempDir();
  for (const mode of ['ca', 'self-signed'] as const) {
    const input = certificateInput(dir, { mode, now: () => new Date(0) });
    await expect(ensureCertificates(input)).rejects.toMatchObject({ code: 'ERR_CERTS_CLOCK' });
  }
  expect(await readdir(dir)).toEqual([]);
});

test('whatever happens to the files, the next run has certificates that fit, and names what it replaced', async () => {
  const dir = await tempDir();
  const elsewhere = await tempDir();
  await ensureCertificates(certificateInput(elsewhere));
  const damages = {
    remove: (file: string) => rm(path.join(dir, file)),
    empty: (file: string) => writeFile(path.join(dir, file), ''),
    cut: async (file: string) => {
      const bytes = await readFile(path.join(dir, file));
      await writeFile(path.join(dir, file), bytes.subarray(0, bytes.length / 2));
    },
    exchange: async (file: string) =>
      writeFile(path.join(dir, file), await readFile(path.join(elsewhere, file))),
    garble: (file: string) => writeFile(path.join(dir, file), 'not a PEM\0\u{ff}'),
  };
  const damaged = fc.uniqueArray(fc.constantFrom(...FILES), { minLength: 1 });
  const damage = fc.constantFrom(...(Object.keys(damages) as (keyof typeof damages)[]));
  await fc.assert(
    fc.asyncProperty(damaged, damage, async (files, kind) => {
      for (const part of ['data', 'state']) await rm(path.join(dir, part), { recursive: true, force: true });
      const before = await ensureCertificates(certificateInput(dir));
      for (const file of files) await damages[kind](file);
      const found = await ensureCertificates(certificateInput(dir));
      const hitAuthority = files.some((file) => file.startsWith('data'));
      const hitLeaf = files.some((file) => /leaf-(chain|key)/.test(file));
      // All three files of another CA of the same site are a CA like ours: taken, with its leaf where that came too.
      const all = (part: RegExp): boolean =>
        kind === 'exchange' && FILES.filter((file) => part.test(file)).every((file) => files.includes(file));
      const wholeAuthority = all(/^data/);
      const wholeLeaf = all(/leaf-(chain|key)/);
      expect(found.issued.map(({ what }) => what)).toEqual([
        ...(hitAuthority && !wholeAuthority ? ['authority'] : []),
        ...((hitAuthority || hitLeaf) && !(wholeAuthority && wholeLeaf) ? ['leaf'] : []),
      ]);
      expect(found.fingerprint256 === before.fingerprint256).toBe(!hitAuthority);
      expect(await ensureCertificates(certificateInput(dir))).toMatchObject({ issued: [], notes: [] });
    }),
    { numRuns: 40 },
  );
});

test('ten runs at once agree on one CA and one leaf', async () => {
  for (let round = 0; round < 3; round += 1) {
    const dir = await tempDir();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => ensureCertificates(certificateInput(dir))),
    );
    expect(new Set(all.map(({ caPem }) => caPem)).size).toBe(1);
    expect(new Set(all.map(({ chainPem, keyPem }) => chainPem + keyPem)).size).toBe(1);
    expect(all.filter(({ issued }) => issued.length > 0)).toHaveLength(1);
  }
});

test('what a killed process left half-written is taken away, and nothing else', async () => {
  const dir = await tempDir();
  await ensureCertificates(certificateInput(dir));
  const at = (name: string): string => path.join(dir, AUTHORITY, name);
  for (const name of ['intermediate-key.pem.0123456789ab.tmp', 'notes.tmp']) await writeFile(at(name), 'x');
  await ensureCertificates(certificateInput(dir, { renew: 'authority' }));
  expect((await readdir(path.dirname(at('x')))).toSorted()).toEqual([
    'intermediate-key.pem',
    'intermediate.pem',
    'notes.tmp',
    'root.pem',
  ]);
});

test('a key that others may read is closed again, and that is said', async () => {
  const dir = await tempDir();
  await ensureCertificates(certificateInput(dir));
  const key = path.join(dir, AUTHORITY, 'intermediate-key.pem');
  await chmod(key, 0o644);
  const { notes, issued } = await ensureCertificates(certificateInput(dir));
  expect(issued).toEqual([]);
  expect(notes).toEqual([`Others had access to ${key}; now only its owner has.`]);
  expect((await stat(key)).mode & 0o777).toBe(0o600);
});

test('a file that cannot be read is an error, never a reason to make a new CA', async () => {
  const dir = await tempDir();
  await ensureCertificates(certificateInput(dir));
  const root = path.join(dir, AUTHORITY, 'root.pem');
  await rm(root);
  const { mkdir } = await import('node:fs/promises');
  await mkdir(root);
  await expect(ensureCertificates(certificateInput(dir))).rejects.toMatchObject({
    code: 'ERR_CERTS_UNREADABLE',
    hint: expect.stringContaining(path.dirname(root)),
  });
});

test('self-signed mode has one certificate and its key, and no CA on disk', async () => {
  const dir = await tempDir();
  const input = certificateInput(dir, { mode: 'self-signed' });
  const first = await ensureCertificates(input);
  expect(first.issued).toMatchObject([{ what: 'self-signed', reason: 'missing' }]);
  expect(Object.keys(await snapshotTree(dir)).filter((name) => name.endsWith('.pem'))).toEqual([
    'state/project/certs/self-signed-key.pem',
    'state/project/certs/self-signed.pem',
  ]);
  expect(first.caFile).toBe(first.leafCertFile);
  expect(await ensureCertificates(input)).toEqual({ ...first, issued: [] });
  await writeFile(first.leafKeyFile, 'garbage', { mode: 0o600 });
  const repaired = await ensureCertificates(input);
  expect(repaired.issued).toMatchObject([
    { what: 'self-signed', reason: 'unreadable', file: first.leafKeyFile },
  ]);
  expect(await digestBytes(repaired.chainFile)).not.toBe('');
});
