import path from 'node:path';
import { errnoOf } from '../errors.ts';
import type { HostsFileHandle } from './file-system.ts';
import type { HostsSnapshot } from './read.ts';
import { type HostsWorld, hostsPlaces } from './world.ts';
import { makeOwnDir, unlinkIfPresent, writeFully, writeOwnFile } from './write-file.ts';

const LINE_FEED = 10;

interface Journal {
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * Overwrites a file that cannot be replaced by a rename: a bind mount (Docker's /etc/hosts: EBUSY, moby#9295),
 * a directory that is read-only, a hard link. Both contents are in a journal on disk before the first byte
 * changes, so that whatever stops us, the next run puts the old content back.
 *
 * Only what differs is written, in one call; a shorter content is filled up with line breaks and then cut, so
 * that even in between a reader sees whole lines.
 * @returns false: the file is no longer what the snapshot says, and nothing was done.
 */
export async function writeInPlace(
  snapshot: HostsSnapshot,
  after: Buffer,
  world: HostsWorld,
): Promise<boolean> {
  const { journal } = hostsPlaces(snapshot.path, world.stateDir);
  const before = snapshot.bytes;
  const handle = await world.fs.open(snapshot.path, 'r+');
  try {
    await writeJournal(journal, { before, after }, world);
    if (!(await world.fs.readFile(snapshot.path)).equals(before)) {
      await unlinkIfPresent(journal, world.fs);
      return false;
    }
    try {
      await overwrite(handle, before, after);
    } catch (error) {
      await restore(handle, before, after);
      await unlinkIfPresent(journal, world.fs);
      throw error;
    }
    return true;
  } finally {
    await handle.close();
  }
}

/** The content was read back and is right. */
export async function closeJournal(real: string, world: HostsWorld): Promise<void> {
  await unlinkIfPresent(hostsPlaces(real, world.stateDir).journal, world.fs);
}

/** Whether a write in place was cut short, or is under way in another process. */
export async function hasJournal(real: string, world: HostsWorld): Promise<boolean> {
  return (await readJournal(hostsPlaces(real, world.stateDir).journal, world)) !== undefined;
}

/**
 * Puts the old content back where a write in place was cut short. Content that is neither old nor new nor
 * a mixture of the two was written by somebody since then, and stays. Call it under the file's lock.
 */
export async function recoverFromJournal(snapshot: HostsSnapshot, world: HostsWorld): Promise<void> {
  const file = hostsPlaces(snapshot.path, world.stateDir).journal;
  const journal = await readJournal(file, world);
  if (journal === undefined) return;
  if (!settle(snapshot.bytes, journal).equals(snapshot.bytes)) {
    const handle = await world.fs.open(snapshot.path, 'r+');
    try {
      await restore(handle, journal.before, journal.after);
    } finally {
      await handle.close();
    }
  }
  await unlinkIfPresent(file, world.fs);
}

/** The file's content as the next change will find it: the old one where a write in place was cut short. */
export async function settledBytes(snapshot: HostsSnapshot, world: HostsWorld): Promise<Buffer> {
  const journal = await readJournal(hostsPlaces(snapshot.path, world.stateDir).journal, world);
  return journal === undefined ? snapshot.bytes : settle(snapshot.bytes, journal);
}

function settle(current: Buffer, { before, after }: Journal): Buffer {
  const whole = current.equals(before) || current.equals(after) || !isMixture(current, before, after);
  return whole ? current : before;
}

async function overwrite(handle: HostsFileHandle, before: Buffer, after: Buffer): Promise<void> {
  const from = commonPrefix(before, after);
  const surplus = Math.max(0, before.length - after.length);
  await writeFully(handle, Buffer.concat([after.subarray(from), Buffer.alloc(surplus, LINE_FEED)]), from);
  if (surplus > 0) await handle.truncate(after.length);
  await handle.sync();
}

async function restore(handle: HostsFileHandle, before: Buffer, after: Buffer): Promise<void> {
  const from = commonPrefix(before, after);
  await writeFully(handle, before.subarray(from), from);
  await handle.truncate(before.length);
  await handle.sync();
}

function commonPrefix(left: Buffer, right: Buffer): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

/** Zeros: blocks that a crash of the machine left without their content. */
function isMixture(current: Buffer, before: Buffer, after: Buffer): boolean {
  if (current.length > Math.max(before.length, after.length)) return false;
  if (current.length < Math.min(before.length, after.length)) return false;
  return current.every((byte, at) => [before[at], after[at], LINE_FEED, 0].includes(byte));
}

async function writeJournal(file: string, { before, after }: Journal, world: HostsWorld): Promise<void> {
  const text = JSON.stringify({ before: before.toString('base64'), after: after.toString('base64') });
  await makeOwnDir(path.dirname(file), world.owner, world.fs);
  await writeOwnFile(file, Buffer.from(text), world.owner, world.fs);
}

async function readJournal(file: string, world: HostsWorld): Promise<Journal | undefined> {
  try {
    const journal = JSON.parse(await world.fs.readFile(file, 'utf8')) as Record<keyof Journal, string>;
    return { before: Buffer.from(journal.before, 'base64'), after: Buffer.from(journal.after, 'base64') };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
