import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import {
  makePrivateDir,
  type Owner,
  readFileIfPresent,
  sweepTemporaries,
  writeFileAtomic,
} from '../system/files.ts';
import type { Paths } from '../system/paths.ts';
import type { AuthorityMaterial } from './authority.ts';
import type { PemFile } from './facts.ts';
import type { LeafMaterial } from './leaf.ts';
import type { SelfSignedMaterial } from './self-signed.ts';

/** A key is its owner's alone; certificates are public. */
const KEY_MODE = 0o600;
const CERTIFICATE_MODE = 0o644;
/** Whoever writes certificates holds their lock. */
const LOCKED = { olderThanMs: 0 } as const;

export interface AuthorityFiles {
  readonly dir: string;
  readonly root: string;
  readonly intermediate: string;
  readonly key: string;
  /** The system's certificates and our root, for tools whose setting replaces their own list. */
  readonly bundle: string;
  readonly lock: string;
}

export interface LeafFiles {
  readonly dir: string;
  readonly certificate: string;
  /** Leaf and intermediate: what a server sends. In self-signed mode the same file as `certificate`. */
  readonly chain: string;
  readonly key: string;
  readonly lock: string;
}

/** One CA per site, shared by all projects of the user. */
export function authorityFiles(paths: Paths, site: string): AuthorityFiles {
  const dir = path.join(paths.dataDir, 'authorities', site);
  return {
    dir,
    root: path.join(dir, 'root.pem'),
    intermediate: path.join(dir, 'intermediate.pem'),
    key: path.join(dir, 'intermediate-key.pem'),
    bundle: path.join(dir, 'bundle.pem'),
    lock: `${dir}.lock`,
  };
}

/** The leaf of one project, in its state directory. */
export function leafFiles(stateDir: string): LeafFiles {
  const dir = path.join(stateDir, 'certs');
  return {
    dir,
    certificate: path.join(dir, 'leaf.pem'),
    chain: path.join(dir, 'leaf-chain.pem'),
    key: path.join(dir, 'leaf-key.pem'),
    lock: `${dir}.lock`,
  };
}

export function selfSignedFiles(stateDir: string): LeafFiles {
  const dir = path.join(stateDir, 'certs');
  const certificate = path.join(dir, 'self-signed.pem');
  const key = path.join(dir, 'self-signed-key.pem');
  return { dir, certificate, chain: certificate, key, lock: `${dir}.lock` };
}

/** A PEM file with its content; a missing file is a fact, any other failure an error. */
export async function readPem(file: string): Promise<PemFile> {
  try {
    return { file, pem: (await readFileIfPresent(file))?.toString('latin1') };
  } catch (error) {
    throw new JwtDevError('ERR_CERTS_UNREADABLE', messageOf(error), {
      cause: error,
      hint: `Make ${path.dirname(file)} yours again, or delete it: what is missing is made anew.`,
    });
  }
}

/** The root comes last: without it the authority counts as not there, so a crash leaves nothing half made. */
export async function writeAuthority(
  files: AuthorityFiles,
  material: AuthorityMaterial,
  owner: Owner | null,
): Promise<void> {
  await makePrivateDir(files.dir, owner);
  await sweepTemporaries([files.key, files.intermediate, files.root], LOCKED);
  await writeFileAtomic(files.key, material.intermediateKeyPem, { mode: KEY_MODE, owner });
  await writeFileAtomic(files.intermediate, material.intermediatePem, { mode: CERTIFICATE_MODE, owner });
  await writeFileAtomic(files.root, material.rootPem, { mode: CERTIFICATE_MODE, owner });
}

export async function writeLeaf(
  files: LeafFiles,
  material: LeafMaterial,
  owner: Owner | null,
): Promise<void> {
  await makePrivateDir(files.dir, owner);
  await sweepTemporaries([files.key, files.certificate, files.chain], LOCKED);
  await writeFileAtomic(files.key, material.keyPem, { mode: KEY_MODE, owner });
  await writeFileAtomic(files.certificate, material.leafPem, { mode: CERTIFICATE_MODE, owner });
  await writeFileAtomic(files.chain, material.chainPem, { mode: CERTIFICATE_MODE, owner });
}

export async function writeSelfSigned(
  files: LeafFiles,
  material: SelfSignedMaterial,
  owner: Owner | null,
): Promise<void> {
  await makePrivateDir(files.dir, owner);
  await sweepTemporaries([files.key, files.certificate], LOCKED);
  await writeFileAtomic(files.key, material.keyPem, { mode: KEY_MODE, owner });
  await writeFileAtomic(files.certificate, material.certificatePem, { mode: CERTIFICATE_MODE, owner });
}

/** Writes a public PEM file of its own (a bundle, a repaired copy). */
export async function writeCertificateFile(file: string, pem: string, owner: Owner | null): Promise<void> {
  await makePrivateDir(path.dirname(file), owner);
  await writeFileAtomic(file, pem, { mode: CERTIFICATE_MODE, owner });
}

/**
 * Takes away what others may do with a private file or directory.
 *
 * @returns whether that was necessary. File systems without modes (Windows, FAT) keep theirs and say false.
 */
export async function tightenMode(file: string): Promise<boolean> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) === 0) return false;
    await chmod(file, mode & 0o700);
    return ((await stat(file)).mode & 0o077) === 0;
  } catch (error) {
    // Not there, or somebody else's: reading it says so in a sentence of its own.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'EPERM') return false;
    throw error;
  }
}
