import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { type ProcessIdentity, type ProcessState, processState } from '../system/process-identity.ts';
import type { HostsRequest } from './request.ts';
import { type HostsWorld, hostsPlaces } from './world.ts';
import { makeOwnDir, unlinkIfPresent, writeOwnFile } from './write-file.ts';

/** One environment's claim on a block: while it lives, the block stays. */
export interface LeaseRecord {
  readonly request: HostsRequest;
  /** The hosts file's real path. */
  readonly real: string;
  readonly holder: ProcessIdentity;
  readonly sinceMs: number;
}

export type StateOf = (who: ProcessIdentity, sinceMs: number) => Promise<ProcessState>;

/** Puts the claim on disk; answers the record's file. */
export async function writeLease(lease: LeaseRecord, world: HostsWorld): Promise<string> {
  const { leaseDir } = hostsPlaces(lease.real, world.stateDir);
  await makeOwnDir(leaseDir, world.owner, world.fs);
  const file = path.join(leaseDir, `${lease.request.id}.${randomBytes(6).toString('hex')}.json`);
  await writeOwnFile(file, Buffer.from(JSON.stringify(lease)), world.owner, world.fs);
  return file;
}

/** undefined: the lease has ended. */
export async function readLease(file: string, fs: HostsWorld['fs']): Promise<LeaseRecord | undefined> {
  try {
    return JSON.parse(await fs.readFile(file, 'utf8')) as LeaseRecord;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Whether a living environment claims the block. Claims of environments that are gone are deleted on the way.
 * One that cannot be looked up (it runs in another container) counts as living.
 */
export async function isLeased(
  real: string,
  id: string,
  world: HostsWorld,
  stateOf: StateOf = processState,
): Promise<boolean> {
  const { leaseDir } = hostsPlaces(real, world.stateDir);
  let leased = false;
  for (const name of await namesIn(leaseDir, world)) {
    if (!/^[0-9a-f]{12}\.json$/.test(name.slice(id.length + 1)) || !name.startsWith(`${id}.`)) continue;
    const file = path.join(leaseDir, name);
    const lease = await readLease(file, world.fs);
    if (lease === undefined) continue;
    if ((await stateOf(lease.holder, lease.sinceMs)) === 'gone') await unlinkIfPresent(file, world.fs);
    else leased = true;
  }
  return leased;
}

/**
 * Whether a block of that name goes with the last lease on it: it was first made by a lease, and nobody has
 * applied it for good since.
 */
export async function isTemporary(real: string, id: string, world: HostsWorld): Promise<boolean> {
  const { leaseDir } = hostsPlaces(real, world.stateDir);
  return (await namesIn(leaseDir, world)).includes(`${id}.temporary`);
}

export async function setTemporary(
  real: string,
  id: string,
  temporary: boolean,
  world: HostsWorld,
): Promise<void> {
  const { leaseDir } = hostsPlaces(real, world.stateDir);
  const file = path.join(leaseDir, `${id}.temporary`);
  try {
    if (!temporary) return await unlinkIfPresent(file, world.fs);
    await makeOwnDir(leaseDir, world.owner, world.fs);
    return await writeOwnFile(file, Buffer.alloc(0), world.owner, world.fs);
  } catch (error) {
    throw new JwtDevError('ERR_FILE_WRITE', `Cannot write ${file}: ${messageOf(error)}`, { cause: error });
  }
}

async function namesIn(dir: string, world: HostsWorld): Promise<readonly string[]> {
  try {
    return await world.fs.readdir(dir);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw new JwtDevError('ERR_FILE_READ', `Cannot read ${dir}: ${messageOf(error)}`, { cause: error });
  }
}
