import { readFile, readlink } from 'node:fs/promises';
import os from 'node:os';
// oxlint-disable-next-line no-restricted-imports -- asks about other processes, reads nothing of this one.
import { kill } from 'node:process';
import { errnoOf } from '../errors.ts';
import { ifVisible } from './proc.ts';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: clock ticks between boot and start (proc(5), field 22). null: the platform does not say. */
  readonly startedAt: string | null;
  /** Linux: the boot's own id; a reboot or another machine has another one. */
  readonly boot: string | null;
  /** Linux: the namespace in which the number counts; a container has its own. */
  readonly space: string | null;
  readonly host: string;
}

/** `unknown`: it runs (or ran) where our numbers mean nothing: another machine or another container. */
export type ProcessState = 'alive' | 'gone' | 'unknown';

/** Who a living process is, so that others can tell later whether it still runs. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity> {
  const stat = await readStat(pid);
  return { pid, startedAt: stat?.startedAt ?? null, ...(await here()) };
}

/**
 * Whether a process that was identified earlier still runs. A recycled number does not count as alive,
 * nor does a zombie: it has already let go of everything.
 * @param identifiedAtMs when it was identified (Unix milliseconds); tells a reboot where there is no boot id.
 */
export async function processState(who: ProcessIdentity, identifiedAtMs: number): Promise<ProcessState> {
  const place = await here();
  if (who.boot !== place.boot || who.space !== place.space) {
    const rebooted = who.host === place.host && who.boot !== place.boot && who.boot !== null;
    return rebooted ? 'gone' : 'unknown';
  }
  if (place.boot === null && identifiedAtMs < Date.now() - os.uptime() * 1000) return 'gone';
  const stat = await readStat(who.pid);
  if (stat === undefined) return answersSignals(who.pid) ? 'alive' : 'gone';
  if (stat.state === 'Z' || stat.state === 'X') return 'gone';
  return who.startedAt === null || who.startedAt === stat.startedAt ? 'alive' : 'gone';
}

async function here(): Promise<Omit<ProcessIdentity, 'pid' | 'startedAt'>> {
  const [boot, space] = await Promise.all([
    ifVisible(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    ifVisible(readlink('/proc/self/ns/pid')),
  ]);
  return { boot: boot?.trim() ?? null, space: space ?? null, host: os.hostname() };
}

async function readStat(pid: number): Promise<{ state: string; startedAt: string } | undefined> {
  const text = await ifVisible(readFile(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
}

/**
 * Sends a signal to a process that was identified earlier, and to no later one with the same number.
 * @returns false: it is gone, or where our numbers mean nothing.
 * @throws EPERM where it belongs to another user.
 */
export async function signalProcess(
  who: ProcessIdentity,
  identifiedAtMs: number,
  signal: NodeJS.Signals,
): Promise<boolean> {
  if ((await processState(who, identifiedAtMs)) !== 'alive') return false;
  try {
    kill(who.pid, signal);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
    throw error;
  }
}

/** Signal 0 is delivered to nobody; it only asks (kill(2)). EPERM: alive, and another user's. */
function answersSignals(pid: number): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EPERM') return true;
    if (errnoOf(error) === 'ESRCH') return false;
    throw error;
  }
}
