import { randomBytes } from 'node:crypto';
import * as nodeFs from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';

/** Whose the files are. Under sudo it is the calling user, so that root leaves nothing of root's in a home. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The file's bytes, or undefined where there is no such file. Any other failure is an error. */
export async function readFileIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await nodeFs.readFile(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileError('ERR_FILE_READ', `Cannot read ${file}`, error);
  }
}

/** Makes a directory (and its parents) that only its owner may enter. */
export function makePrivateDir(dir: string, owner: Owner | null): Promise<void> {
  return makeDir(dir, { mode: 0o700, owner });
}

/** Makes a directory and its parents; those that are new get the mode (less the umask) and the owner. */
export async function makeDir(
  dir: string,
  { mode, owner }: { readonly mode: number; readonly owner: Owner | null },
): Promise<void> {
  try {
    await makeDirs(dir, { mode, owner }, nodeFs);
  } catch (error) {
    throw writeError(dir, error);
  }
}

/** The same through given calls, whose errno it throws as it is. */
export async function makeDirs(
  dir: string,
  { mode, owner }: { readonly mode: number; readonly owner: Owner | null },
  fs: Pick<typeof nodeFs, 'mkdir' | 'chown'>,
): Promise<void> {
  const first = await fs.mkdir(dir, { recursive: true, mode });
  if (first === undefined || owner === null) return;
  for (let made = dir; made.length >= first.length; made = path.dirname(made)) {
    await fs.chown(made, owner.uid, owner.gid);
  }
}

/**
 * Replaces a file of our own in one step: a reader sees the old or the new content, also after a crash.
 * (The hosts file has its own writer: src/hosts/.)
 */
export async function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  options: { readonly mode: number; readonly owner: Owner | null },
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await nodeFs.open(temporary, 'wx', options.mode);
    try {
      await handle.writeFile(content);
      // umask may have taken bits away; the mode is a promise (0600 keys), so it is set again.
      await handle.chmod(options.mode);
      if (options.owner !== null) await handle.chown(options.owner.uid, options.owner.gid);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await nodeFs.rename(temporary, file);
    await syncDirectory(path.dirname(file));
  } catch (error) {
    await nodeFs.rm(temporary, { force: true });
    throw writeError(file, error);
  }
}

/**
 * Takes away what killed writers of these files left half-written beside them: it may hold a part of a key.
 * @param olderThanMs what nobody can be writing any more; 0 where the caller is the only one who may write.
 */
export async function sweepTemporaries(
  files: readonly string[],
  { olderThanMs }: { readonly olderThanMs: number },
): Promise<void> {
  for (const dir of new Set(files.map((file) => path.dirname(file)))) {
    for (const name of await nodeFs.readdir(dir)) {
      const whole = path.join(dir, name);
      const [, file] = /^(.*)\.[0-9a-f]{12}\.tmp$/s.exec(whole) ?? [];
      if (file === undefined || !files.includes(file)) continue;
      const isOld = olderThanMs === 0 || (await ageOf(whole)) > olderThanMs;
      if (isOld) await nodeFs.rm(whole, { force: true });
    }
  }
}

/** By the clock of the file system, as far as it is this machine's. What is gone meanwhile has no age. */
async function ageOf(file: string): Promise<number> {
  try {
    return Date.now() - (await nodeFs.stat(file)).mtimeMs;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/**
 * Makes a rename durable, where the platform and the file system offer that for directories. Windows cannot open
 * them: there the rename is journaled by NTFS itself.
 */
export async function syncDirectory(dir: string, fs: Pick<typeof nodeFs, 'open'> = nodeFs): Promise<void> {
  let handle: Awaited<ReturnType<typeof nodeFs.open>>;
  try {
    handle = await fs.open(dir, 'r');
  } catch (error) {
    // EACCES: a directory that may be entered and written, but not read.
    if (errnoOf(error) === 'EISDIR' || errnoOf(error) === 'EPERM' || errnoOf(error) === 'EACCES') return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems (FUSE, 9p) do not offer fsync on a directory.
    if (errnoOf(error) !== 'EINVAL' && errnoOf(error) !== 'EPERM' && errnoOf(error) !== 'ENOTSUP')
      throw error;
  } finally {
    await handle.close();
  }
}

/** Whether anything (also a dangling link) has that name. */
export async function exists(file: string): Promise<boolean> {
  try {
    await nodeFs.lstat(file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** Whether this user may write to a file that is there. */
export async function isWritable(file: string): Promise<boolean> {
  try {
    await nodeFs.access(file, nodeFs.constants.W_OK);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS') return false;
    throw error;
  }
}

function writeError(file: string, error: unknown): JwtDevError {
  return fileError('ERR_FILE_WRITE', `Cannot write ${file}`, error);
}

function fileError(code: 'ERR_FILE_READ' | 'ERR_FILE_WRITE', what: string, error: unknown): JwtDevError {
  const hint = HINTS[errnoOf(error) ?? ''];
  return new JwtDevError(code, `${what}: ${messageOf(error)}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

const DISK_FULL = 'The disk is full. Free some space and run the command again; nothing was lost.';
const NOT_OURS = 'Check who owns that directory, or set JWT_DEV_HOME to a directory that you may write to.';
const IN_THE_WAY = 'A part of that path is a file. Move it away, or set JWT_DEV_HOME to another directory.';

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: DISK_FULL,
  EDQUOT: DISK_FULL,
  EACCES: NOT_OURS,
  EPERM: NOT_OURS,
  EROFS: NOT_OURS,
  ENOTDIR: IN_THE_WAY,
  EEXIST: IN_THE_WAY,
};
