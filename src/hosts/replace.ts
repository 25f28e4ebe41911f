import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { syncDirectory } from '../system/files.ts';
import type { HostsFileHandle } from './file-system.ts';
import type { HostsSnapshot } from './read.ts';
import { type HostsWorld, hostsPlaces } from './world.ts';
import { isOneOf, unlinkIfPresent, writeFully } from './write-file.ts';

/**
 * Replaces the file in one step: a complete temporary file beside it, with its mode, owner and attributes, is
 * renamed onto it.
 * @returns the new file's inode; null: the file is no longer what the snapshot says, and nothing was done.
 * @throws the errno of the call that failed; the file is then untouched, or (directory fsync) already new.
 */
export async function replaceByRename(
  snapshot: HostsSnapshot,
  after: Buffer,
  world: HostsWorld,
): Promise<number | null> {
  const { temporaryPrefix } = hostsPlaces(snapshot.path, world.stateDir);
  const temporary = `${temporaryPrefix}${randomBytes(6).toString('hex')}.tmp`;
  let inode: number;
  try {
    const handle = await world.fs.open(temporary, 'wx', 0o600);
    try {
      await copyAttributes(snapshot.path, temporary, world);
      await handle.truncate(0);
      await writeFully(handle, after, 0);
      await matchOwnerAndMode(handle, snapshot, world);
      await handle.sync();
      inode = (await handle.stat()).ino;
    } finally {
      await handle.close();
    }
    // An editor that knows nothing of our lock may have saved in the meantime.
    if (!(await world.fs.readFile(snapshot.path)).equals(snapshot.bytes)) {
      await world.fs.unlink(temporary);
      return null;
    }
    await world.fs.rename(temporary, snapshot.path);
  } catch (error) {
    await removeLeftover(temporary, world);
    throw error;
  }
  await syncDirectory(path.dirname(snapshot.path), world.fs);
  return inode;
}

/** Temporary files of runs that were killed. Under the lock no other run has one. */
export async function sweepTemporaries(real: string, world: HostsWorld): Promise<void> {
  const { temporaryPrefix } = hostsPlaces(real, world.stateDir);
  const dir = path.dirname(real);
  const prefix = path.basename(temporaryPrefix);
  for (const name of await world.fs.readdir(dir)) {
    if (name.startsWith(prefix) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(prefix.length))) {
      await unlinkIfPresent(path.join(dir, name), world.fs);
    }
  }
}

/**
 * SELinux labels, ACLs and other extended attributes, which Node cannot read. A `cp` without that option
 * (BusyBox) or a file system without attributes is no reason to stop: owner and mode are set by ourselves.
 */
async function copyAttributes(from: string, to: string, world: HostsWorld): Promise<void> {
  if (world.platform === 'linux') {
    await world.run('cp', ['--attributes-only', '--preserve=all', '--', from, to]);
  } else if (world.platform === 'darwin') {
    // macOS copies ACLs and attributes with -p, and the content too, which is then cut off.
    await world.run('/bin/cp', ['-p', from, to]);
  }
}

async function matchOwnerAndMode(
  handle: HostsFileHandle,
  snapshot: HostsSnapshot,
  world: HostsWorld,
): Promise<void> {
  if (world.platform === 'win32') return;
  const facts = await handle.stat();
  if (facts.uid !== snapshot.uid || facts.gid !== snapshot.gid)
    await handle.chown(snapshot.uid, snapshot.gid);
  if (((await handle.stat()).mode & 0o7777) !== snapshot.mode) await handle.chmod(snapshot.mode);
}

/** The error that led here is the one to report; the next run sweeps what cannot be removed now. */
async function removeLeftover(temporary: string, world: HostsWorld): Promise<void> {
  try {
    await unlinkIfPresent(temporary, world.fs);
  } catch (error) {
    if (!isOneOf(error, ['EIO', 'EBUSY', 'EPERM', 'EACCES', 'EROFS', 'ENOSPC'])) throw error;
  }
}
