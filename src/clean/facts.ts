import path from 'node:path';
import { inspectRemoval } from '../certs/trust/apply.ts';
import type { StoreReport } from '../certs/trust/report.ts';
import { listInstances, readInstance } from '../control/instance.ts';
import type { InstanceRecord } from '../control/types.ts';
import { errnoOf, JwtDevError } from '../errors.ts';
import { inspectRemoveAll } from '../hosts/apply.ts';
import type { HostsReport } from '../hosts/request.ts';
import { findOwned, type OwnedPath } from './owned-files.ts';
import type { CleanWorld, HostsFile } from './types.ts';

/** An environment that runs, of any project. */
export interface RunningInstance {
  readonly stateDir: string;
  readonly record: InstanceRecord;
}

/** A hosts file with blocks of ours, or one that cannot be looked at. */
export interface FoundHosts {
  readonly target: HostsFile;
  readonly report: HostsReport | JwtDevError;
}

/** Everything that jwt-dev made on this machine for this user, as far as it can be found. */
export interface CleanFacts {
  readonly instances: readonly RunningInstance[];
  readonly hosts: readonly FoundHosts[];
  /** Only stores that hold roots of ours. */
  readonly stores: readonly StoreReport[];
  readonly files: readonly OwnedPath[];
}

export async function gatherCleanFacts(world: CleanWorld): Promise<CleanFacts> {
  const { owned } = await findOwned(world);
  const projects = owned.filter(({ isProject, foreign }) => isProject && foreign === null);
  const stores = await inspectRemoval(world.stores, null, world.steps);
  return {
    instances: (await Promise.all(projects.map(({ path: dir }) => findRunning(dir)))).flat(),
    hosts: (await Promise.all(world.hosts.map(findBlocks))).flat(),
    stores: stores.filter(({ status, commands }) => status === 'failed' || commands.length > 0),
    files: owned,
  };
}

async function findRunning(stateDir: string): Promise<readonly RunningInstance[]> {
  const running: RunningInstance[] = [];
  for (const name of await listInstances(stateDir)) {
    const found = await readInstance({ stateDir, name });
    if (found.kind === 'running') running.push({ stateDir, record: found.record });
  }
  return running;
}

async function findBlocks(target: HostsFile): Promise<readonly FoundHosts[]> {
  try {
    const report = await inspectRemoveAll(target.file, target.world);
    return report.changed ? [{ target, report }] : [];
  } catch (error) {
    if (!(error instanceof JwtDevError)) throw error;
    // A file that is not there holds nothing.
    return errnoOf(error.cause) === 'ENOENT' ? [] : [{ target, report: error }];
  }
}

/** The directories that go when nothing is left in them. */
export async function findContainers(world: CleanWorld): Promise<readonly string[]> {
  const { containers } = await findOwned(world);
  return containers;
}

/** The project of a state directory, as people know it. */
export function projectName(stateDir: string): string {
  return path.basename(stateDir).replace(/-[\da-f]{10}$/, '');
}
