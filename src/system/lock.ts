import { randomBytes } from 'node:crypto';
import * as nodeFs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from '../errors.ts';
import {
  identifyProcess,
  type ProcessIdentity,
  type ProcessState,
  processState,
} from './process-identity.ts';

type LockFileSystem = Pick<typeof nodeFs, 'link' | 'open' | 'readFile' | 'readdir' | 'stat' | 'unlink'>;

export interface LockOptions {
  /** How long to wait for another holder, in milliseconds. */
  readonly timeoutMs: number;
  /** The error for a holder that did not let go in time. */
  readonly busy: (holder: ProcessIdentity | null) => Error;
  /** Our own process number. */
  readonly pid: number;
  readonly fs?: LockFileSystem;
  readonly identify?: (pid: number) => Promise<ProcessIdentity>;
  readonly stateOf?: (who: ProcessIdentity, identifiedAtMs: number) => Promise<ProcessState>;
}

export interface Lock {
  readonly release: () => Promise<void>;
}

interface Holder {
  readonly token: string;
  readonly process: ProcessIdentity | null;
  readonly sinceMs: number;
}

/** A holder in another container cannot be looked up. What the lock is for takes milliseconds, so age decides. */
const UNKNOWN_HOLDER_LIMIT_MS = 30_000;
const POLL_MS = 12;

/**
 * Takes a lock between processes: a file that exists while the lock is held and names its holder.
 *
 * The file appears complete, in one step (a hard link to a finished draft), so nobody reads half of it.
 * A holder that is gone is replaced under a second lock that is named after the stale one's token: only one
 * process removes it, and it removes nothing else, so a fresh lock can never be taken for the stale one.
 * @throws what `busy` makes after `timeoutMs`; any errno of the file system (EACCES, EROFS, …).
 */
export async function acquireLock(file: string, options: LockOptions): Promise<Lock> {
  const fs = options.fs ?? nodeFs;
  const token = randomBytes(6).toString('hex');
  const draft = `${file}.${token}.draft`;
  const self = await (options.identify ?? identifyProcess)(options.pid);
  const release = async (): Promise<void> => {
    if ((await readHolder(file, fs))?.token === token) await unlinkIfPresent(file, fs);
  };
  try {
    await writeDraft(draft, { token, process: self, sinceMs: Date.now() }, fs);
    await linkWhenFree(draft, file, options, fs);
    await fs.unlink(draft);
    await sweep(file, token, options, fs);
  } catch (error) {
    await unlinkIfPresent(draft, fs);
    await release();
    throw error;
  }
  return { release };
}

/**
 * Takes away what killed holders left of a lock: the lock itself, drafts, removal locks. Waits for nobody that runs,
 * and where the directory cannot be changed it does nothing: tidying is not what anybody asked for.
 */
export async function sweepLock(file: string, options: LockOptions): Promise<void> {
  const fs = options.fs ?? nodeFs;
  try {
    const holder = await readHolder(file, fs);
    if (holder !== undefined && (await isGone(holder, options))) {
      await removeStale(file, holder.token, options, fs);
    }
    await sweep(file, null, options, fs);
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error) ?? '')) throw error;
  }
}

async function writeDraft(draft: string, holder: Holder, fs: LockFileSystem): Promise<void> {
  const handle = await fs.open(draft, 'wx', 0o644);
  try {
    await handle.writeFile(JSON.stringify(holder));
  } finally {
    await handle.close();
  }
}

async function linkWhenFree(
  draft: string,
  file: string,
  options: LockOptions,
  fs: LockFileSystem,
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    try {
      await fs.link(draft, file);
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    const holder = await readHolder(file, fs);
    if (holder === undefined) continue;
    if (await isGone(holder, options)) {
      await removeStale(file, holder.token, options, fs);
    } else {
      if (performance.now() > deadline) throw options.busy(holder.process);
      await sleep(POLL_MS * (0.5 + Math.random()));
    }
  }
}

async function removeStale(
  file: string,
  token: string,
  options: LockOptions,
  fs: LockFileSystem,
): Promise<void> {
  const removal = await acquireLock(`${file}.${token}`, { ...options, fs });
  try {
    if ((await readHolder(file, fs))?.token === token) await unlinkIfPresent(file, fs);
  } finally {
    await removal.release();
  }
}

/** Takes away what killed processes left beside the lock: their drafts, and removal locks of earlier holders. */
async function sweep(
  file: string,
  token: string | null,
  options: LockOptions,
  fs: LockFileSystem,
): Promise<void> {
  const dir = path.dirname(file);
  const prefix = `${path.basename(file)}.`;
  for (const name of await fs.readdir(dir)) {
    if (!name.startsWith(prefix) || !/^([0-9a-f]{12}|unreadable)(\.|$)/.test(name.slice(prefix.length)))
      continue;
    // A removal lock for our own token is somebody's question about us: theirs to take away.
    if (token !== null && name.startsWith(`${prefix}${token}`)) continue;
    const left = path.join(dir, name);
    const holder = await readHolder(left, fs);
    if (holder !== undefined && (await isGone(holder, options))) await unlinkIfPresent(left, fs);
  }
}

async function isGone(holder: Holder, options: LockOptions): Promise<boolean> {
  const state =
    holder.process === null
      ? 'unknown'
      : await (options.stateOf ?? processState)(holder.process, holder.sinceMs);
  if (state === 'unknown') return Date.now() - holder.sinceMs > UNKNOWN_HOLDER_LIMIT_MS;
  return state === 'gone';
}

/** undefined: there is no lock. A file that is not ours to read (a crash of the machine) has an unknown holder. */
async function readHolder(file: string, fs: LockFileSystem): Promise<Holder | undefined> {
  try {
    const text = await fs.readFile(file, 'utf8');
    if (text.startsWith('{') && text.endsWith('}')) return JSON.parse(text) as Holder;
    return { token: 'unreadable', process: null, sinceMs: (await fs.stat(file)).mtimeMs };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function unlinkIfPresent(file: string, fs: LockFileSystem): Promise<void> {
  try {
    await fs.unlink(file);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
