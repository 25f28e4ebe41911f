import { constants } from 'node:fs';
import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { acquireLock, type Lock } from '../system/lock.ts';
import { pruneBackups, saveBackup } from './backups.ts';
import { hasJournal, recoverFromJournal } from './in-place.ts';
import { type HostsSnapshot, readHosts } from './read.ts';
import { sweepTemporaries } from './replace.ts';
import { type HostsWorld, hostsPlaces } from './world.ts';
import { writeAndReadBack } from './write.ts';
import { isOneOf, makeOwnDir } from './write-file.ts';

/** What a change wants the file to hold. */
export interface Decision {
  readonly after: Buffer;
}

export interface Change<T extends Decision> {
  /** The file's real path. */
  readonly real: string;
  readonly decision: T;
  readonly written: boolean;
  /** Where the bytes from before the change are; null: nothing was written. */
  readonly backup: string | null;
}

const LOCK_TIMEOUT_MS = 30_000;
/** How often another program may save the file just while we want to. */
const ATTEMPTS = 5;

/**
 * Changes a hosts file: decide, lock, decide again on what is there now, back up, write, read back.
 * Where nothing is to be changed nothing is touched: no lock, no backup, no privilege.
 *
 * However it ends (an error, a kill), the file holds exactly the old or the new bytes; only a write in place
 * that was killed may be half done, and the next call puts that right first.
 * @param decide what the file must hold, from what it holds; may throw to refuse.
 * @throws JwtDevError ERR_HOSTS_UNREADABLE, ERR_PRIVILEGE_REQUIRED, ERR_HOSTS_LOCKED, ERR_HOSTS_BACKUP,
 *   ERR_HOSTS_WRITE, and what `decide` throws.
 */
export async function changeHosts<T extends Decision>(
  file: string,
  decide: (snapshot: HostsSnapshot) => T | Promise<T>,
  world: HostsWorld,
): Promise<Change<T>> {
  const snapshot = await readHosts(file, world.fs);
  try {
    if (!(await hasJournal(snapshot.path, world))) {
      const decision = await decide(snapshot);
      if (decision.after.equals(snapshot.bytes))
        return { real: snapshot.path, decision, written: false, backup: null };
    }
    await requireWritable(snapshot, world);
    const lock = await lockHosts(snapshot.path, world);
    try {
      await recoverFromJournal(await readHosts(file, world.fs), world);
      return await changeLocked(file, decide, world);
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw explain(error, snapshot, world);
  }
}

async function changeLocked<T extends Decision>(
  file: string,
  decide: (snapshot: HostsSnapshot) => T | Promise<T>,
  world: HostsWorld,
): Promise<Change<T>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const snapshot = await readHosts(file, world.fs);
    const decision = await decide(snapshot);
    if (decision.after.equals(snapshot.bytes)) {
      return { real: snapshot.path, decision, written: false, backup: null };
    }
    const backup = await saveBackup(snapshot.path, snapshot.bytes, world);
    if (await writeAndReadBack(snapshot, decision.after, backup, world)) {
      await pruneBackups(snapshot.path, world);
      return { real: snapshot.path, decision, written: true, backup };
    }
  }
  throw new JwtDevError('ERR_HOSTS_WRITE', `Another program keeps changing ${file}; nothing was written`, {
    hint: 'Find out which one it is (a VPN client, Docker Desktop, an editor) and run the command again.',
  });
}

/** The lock beside the file, where every user meets; else one in our own state directory. */
async function lockHosts(real: string, world: HostsWorld): Promise<Lock> {
  const { lock, fallbackLock } = hostsPlaces(real, world.stateDir);
  const take = (file: string): Promise<Lock> =>
    acquireLock(file, {
      timeoutMs: LOCK_TIMEOUT_MS,
      pid: world.pid,
      fs: world.fs,
      ...world.lock,
      busy: (holder) =>
        new JwtDevError(
          'ERR_HOSTS_LOCKED',
          `${real} is being changed by process ${holder?.pid ?? 'unknown'}`,
          {
            hint: `Wait for it and try again. If nothing runs any more, delete ${file}`,
          },
        ),
    });
  try {
    const held = await take(lock);
    await sweepTemporaries(real, world).catch(async (error: unknown) => {
      await held.release();
      throw error;
    });
    return held;
  } catch (error) {
    if (!isOneOf(error, ['EACCES', 'EPERM', 'EROFS', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])) throw error;
    await makeOwnDir(path.dirname(fallbackLock), world.owner, world.fs);
    return take(fallbackLock);
  }
}

/** Asks before anything is made, so that a run that needs root leaves no trace of the attempt. */
async function requireWritable(snapshot: HostsSnapshot, world: HostsWorld): Promise<void> {
  try {
    await world.fs.access(snapshot.path, constants.W_OK);
  } catch (error) {
    if (!isOneOf(error, ['EACCES', 'EPERM', 'EROFS'])) throw error;
    // A read-only file can be replaced by whoever owns it and its directory.
    if (world.isRoot || errnoOf(error) === 'EROFS') return;
    await world.fs.access(path.dirname(snapshot.path), constants.W_OK);
  }
}

function explain(error: unknown, snapshot: HostsSnapshot, world: HostsWorld): unknown {
  const errno = errnoOf(error);
  if (error instanceof JwtDevError || errno === undefined) return error;
  if (!world.isRoot && (errno === 'EACCES' || errno === 'EPERM')) {
    return new JwtDevError(
      'ERR_PRIVILEGE_REQUIRED',
      `Changing ${snapshot.file} needs ${world.platform === 'win32' ? 'administrator rights' : 'root'}`,
      {
        cause: error,
      },
    );
  }
  const hint =
    errno === 'EPERM' || errno === 'EACCES'
      ? 'Even root may not: it may be immutable (lsattr, chattr -i) or guarded by an antivirus.'
      : errno === 'ENOSPC' || errno === 'EDQUOT'
        ? 'The disk is full. Free some space and run the command again; nothing was lost.'
        : errno === 'EROFS'
          ? 'It is on a read-only file system. Mount it writable, then run the command again.'
          : 'Run the command again; what was there before is in the backups (jwt-dev hosts --restore).';
  return new JwtDevError('ERR_HOSTS_WRITE', `Cannot write ${snapshot.file}: ${messageOf(error)}`, {
    cause: error,
    hint,
  });
}
