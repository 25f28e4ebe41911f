import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { type EnsureInput, ensureCertificates } from '../../src/certs/ensure.ts';

const SITE = 'example.com';
const HOSTNAMES = ['example.com', 'api.example.com'] as const;

/** What `ensureCertificates` needs, for a project below `dir`. */
export function certificateInput(dir: string, overrides: Partial<EnsureInput> = {}): EnsureInput {
  return {
    paths: { dataDir: path.join(dir, 'data'), stateDir: path.join(dir, 'state') },
    stateDir: path.join(dir, 'state', 'project'),
    site: SITE,
    hostnames: HOSTNAMES,
    mode: 'ca',
    now: () => new Date(),
    owner: null,
    pid: process.pid,
    ...overrides,
  };
}

/** Certificates of a new project below `dir`, with the CA's own material for forgeries. */
export async function makeCertificates(dir: string) {
  const material = await ensureCertificates(certificateInput(dir));
  const authorityDir = path.dirname(material.caFile);
  const [intermediatePem, intermediateKeyPem] = await Promise.all([
    readFile(path.join(authorityDir, 'intermediate.pem'), 'utf8'),
    readFile(path.join(authorityDir, 'intermediate-key.pem'), 'utf8'),
  ]);
  return { material, authority: { intermediatePem, intermediateKeyPem } };
}

/** Every name below `dir` with its kind, its mode and a digest of its content: all but the times. */
export async function snapshotTree(
  dir: string,
  digest: (file: string) => Promise<string> = digestBytes,
): Promise<Record<string, string>> {
  const snapshot: Record<string, string> = {};
  for (const name of (await readdir(dir, { recursive: true })).toSorted()) {
    const file = path.join(dir, name);
    const stat = await lstat(file);
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) snapshot[name] = `link ${await readlink(file)}`;
    else if (stat.isDirectory()) snapshot[name] = `directory ${mode}`;
    else snapshot[name] = `file ${mode} ${stat.uid}:${stat.gid} ${await digest(file)}`;
  }
  return snapshot;
}

export async function digestBytes(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
