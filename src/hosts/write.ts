import { JwtDevError } from '../errors.ts';
import { saveBackup } from './backups.ts';
import { closeJournal, writeInPlace } from './in-place.ts';
import { type HostsSnapshot, readHosts } from './read.ts';
import { replaceByRename } from './replace.ts';
import type { HostsWorld } from './world.ts';
import { isOneOf } from './write-file.ts';

/** A rename that these stop may still work in place: bind mounts, read-only or foreign directories, other owners. */
const RENAME_IMPOSSIBLE = ['EBUSY', 'EXDEV', 'EROFS', 'EACCES', 'EPERM'];
/** How often the old content is put back against whatever changes it. */
const ATTEMPTS = 3;

/**
 * Writes by a rename, or in place where that cannot work, and compares what is there then.
 * @returns false where another program changed the file first, or right afterwards: look again.
 * @throws JwtDevError ERR_HOSTS_WRITE; the errno of the call that failed.
 */
export async function writeAndReadBack(
  snapshot: HostsSnapshot,
  after: Buffer,
  backup: string,
  world: HostsWorld,
): Promise<boolean> {
  const inode = snapshot.links > 1 ? 'impossible' : await tryRename(snapshot, after, world);
  if (inode === null) return false;
  if (inode === 'impossible' && !(await writeInPlace(snapshot, after, world))) return false;
  const found = await readHosts(snapshot.path, world.fs);
  if (!found.bytes.equals(after)) {
    if (inode !== 'impossible' && (await world.fs.stat(snapshot.path)).ino !== inode) return false;
    const back = await putBack(snapshot, world);
    throw new JwtDevError(
      'ERR_HOSTS_WRITE',
      `${snapshot.file} reads back differently from what was written; ${back ? 'the old content is back' : `the old content is in ${backup}`}`,
      {
        hint: 'An antivirus or a "hosts protection" may guard the file. Allow jwt-dev there, then try again.',
      },
    );
  }
  if (inode === 'impossible') await closeJournal(snapshot.path, world);
  return true;
}

/** Whatever is there instead is kept as a backup too. */
async function putBack(snapshot: HostsSnapshot, world: HostsWorld): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const found = await readHosts(snapshot.path, world.fs);
    if (found.bytes.equals(snapshot.bytes)) return true;
    await saveBackup(snapshot.path, found.bytes, world);
    await writeInPlace(found, snapshot.bytes, world);
    await closeJournal(snapshot.path, world);
  }
  return false;
}

async function tryRename(
  snapshot: HostsSnapshot,
  after: Buffer,
  world: HostsWorld,
): Promise<number | null | 'impossible'> {
  try {
    return await replaceByRename(snapshot, after, world);
  } catch (error) {
    if (isOneOf(error, RENAME_IMPOSSIBLE)) return 'impossible';
    throw error;
  }
}
