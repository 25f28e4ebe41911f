import { setTimeout as sleep } from 'node:timers/promises';
import { JwtDevError } from '../errors.ts';
import { identifyProcess, processState } from '../system/process-identity.ts';
import { applyTemporarily, eolOf, planned, unchanged } from './apply.ts';
import { changeHosts } from './change.ts';
import {
  isLeased,
  isTemporary,
  type LeaseRecord,
  readLease,
  type StateOf,
  setTemporary,
  writeLease,
} from './lease-records.ts';
import { planHosts } from './plan.ts';
import { parseSnapshot, readHosts } from './read.ts';
import type { HostsReport, HostsRequest } from './request.ts';
import type { HostsWorld } from './world.ts';
import { unlinkIfPresent } from './write-file.ts';

/** Entries that stay only as long as an environment lives. */
export interface HostsLease {
  readonly report: HostsReport;
  /** Takes the entries out, unless another living environment of this project still needs them. */
  readonly close: () => Promise<void>;
}

/** Starts the watchdog for a lease record: a process of its own that outlives us (see `watchLease`). */
export type StartWatchdog = (leaseFile: string) => Promise<void>;

/** How often the watchdog looks; entries are gone well within 2 seconds of the owner's end. */
const WATCH_INTERVAL_MS = 200;
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Applies the entries for as long as this process lives. A block that was there before, by `hosts --apply`,
 * is left in place at the end; one that a lease made goes with the last lease on it.
 *
 * The claim is on disk before the hosts file is touched, and the watchdog runs, so that there is no moment at
 * which a kill would leave the entries behind.
 * @param begin `beginLease`, in this process or (where the file needs root) in an elevated one.
 * @throws JwtDevError all of `applyHosts`; the claim is then given back.
 */
export async function startLease(
  request: HostsRequest,
  world: HostsWorld,
  begin: (leaseFile: string) => Promise<HostsReport>,
): Promise<HostsLease> {
  const { path: real } = await readHosts(request.file, world.fs);
  const leaseFile = await writeLease(
    { request, real, holder: await identifyProcess(world.pid), sinceMs: Date.now() },
    world,
  );
  const close = (): Promise<void> => endOwnLease(leaseFile, { request, real }, world);
  try {
    return { report: await begin(leaseFile), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The part of a lease's start that must be able to write the file. */
export async function beginLease(
  leaseFile: string,
  world: HostsWorld,
  startWatchdog: StartWatchdog,
): Promise<HostsReport> {
  const lease = await requireLease(leaseFile, world);
  const snapshot = await readHosts(lease.real, world.fs);
  const { blocks } = parseSnapshot(snapshot, eolOf(world));
  if (!blocks.some((block) => block.id === lease.request.id)) {
    await setTemporary(lease.real, lease.request.id, true, world);
  }
  await startWatchdog(leaseFile);
  return applyTemporarily(lease.request, world);
}

/**
 * The watchdog's whole life: waits until the lease is given back or its holder is gone, then takes the entries
 * out. The record is read once: a file that the caller can write must not redirect a process of root's later.
 */
export async function watchLease(
  leaseFile: string,
  world: HostsWorld,
  stateOf: StateOf = processState,
): Promise<void> {
  const lease = await readLease(leaseFile, world.fs);
  if (lease === undefined) return;
  while (
    (await readLease(leaseFile, world.fs)) !== undefined &&
    (await stateOf(lease.holder, lease.sinceMs)) !== 'gone'
  ) {
    await sleep(WATCH_INTERVAL_MS);
  }
  await endLease(leaseFile, lease, world, stateOf);
}

/**
 * Gives the claim back first and looks at the others' second: of two that end at once at least one then sees
 * that nobody is left.
 */
async function endLease(
  leaseFile: string,
  { request: { id }, real }: Pick<LeaseRecord, 'request' | 'real'>,
  world: HostsWorld,
  stateOf: StateOf = processState,
): Promise<void> {
  await unlinkIfPresent(leaseFile, world.fs);
  await changeHosts(
    real,
    async (snapshot) => {
      if (!(await isTemporary(real, id, world))) return unchanged(snapshot);
      if (await isLeased(real, id, world, stateOf)) return unchanged(snapshot);
      return planned(planHosts(parseSnapshot(snapshot, eolOf(world)), id, []));
    },
    world,
  );
}

/** An owner that has dropped its privilege leaves the work to the watchdog, which has kept it, and waits. */
async function endOwnLease(
  leaseFile: string,
  lease: Pick<LeaseRecord, 'request' | 'real'>,
  world: HostsWorld,
): Promise<void> {
  const deadline = performance.now() + CLOSE_TIMEOUT_MS;
  for (;;) {
    try {
      await endLease(leaseFile, lease, world);
      return;
    } catch (error) {
      if (!(error instanceof JwtDevError && error.code === 'ERR_PRIVILEGE_REQUIRED')) throw error;
      if (performance.now() > deadline) {
        throw new JwtDevError(
          'ERR_PRIVILEGE_REQUIRED',
          `The entries in ${lease.real} were not taken out again`,
          {
            cause: error,
            hint: 'Take them out with: jwt-dev hosts --remove',
          },
        );
      }
    }
    await sleep(WATCH_INTERVAL_MS);
  }
}

async function requireLease(leaseFile: string, world: HostsWorld): Promise<LeaseRecord> {
  const lease = await readLease(leaseFile, world.fs);
  if (lease !== undefined) return lease;
  throw new JwtDevError('ERR_FILE_READ', `There is no lease ${leaseFile}`, {
    hint: 'This command is started by jwt-dev itself; there is no need to run it.',
  });
}
