import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errnoOf } from '../errors.ts';
import { makeDirs, type Owner, syncDirectory } from '../system/files.ts';
import type { HostsFileHandle, HostsFileSystem } from './file-system.ts';

/**
 * Writes all bytes at a position. write(2) may write fewer than it is given, so it is asked until all are there.
 */
export async function writeFully(handle: HostsFileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    if (bytesWritten === 0) {
      throw Object.assign(new Error('The disk took no more bytes'), { code: 'ENOSPC' });
    }
    written += bytesWritten;
  }
}

/** A file of our own (backup, journal, lease), complete and on disk, or not there at all. */
export async function writeOwnFile(
  file: string,
  bytes: Buffer,
  owner: Owner | null,
  fs: HostsFileSystem,
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await fs.open(temporary, 'wx', 0o600);
    try {
      if (owner !== null) await handle.chown(owner.uid, owner.gid);
      await writeFully(handle, bytes, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, file);
  } catch (error) {
    await unlinkIfPresent(temporary, fs);
    throw error;
  }
  await syncDirectory(path.dirname(file), fs);
}

/** A directory (and its parents) of our own that only its owner may enter. */
export function makeOwnDir(dir: string, owner: Owner | null, fs: HostsFileSystem): Promise<void> {
  return makeDirs(dir, { mode: 0o700, owner }, fs);
}

export async function unlinkIfPresent(file: string, fs: HostsFileSystem): Promise<void> {
  try {
    await fs.unlink(file);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

export function isOneOf(error: unknown, errnos: readonly string[]): boolean {
  const errno = errnoOf(error);
  return errno !== undefined && errnos.includes(errno);
}
