import { rm } from 'node:fs/promises';
import { removeTrust } from '../certs/trust/apply.ts';
import { stopInstance } from '../control/stop.ts';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { removeAllHosts } from '../hosts/apply.ts';
import { quoteForShell } from '../system/elevate.ts';
import { type CleanFacts, type FoundHosts, findContainers, type RunningInstance } from './facts.ts';
import { findMadeParents, removeEmpty } from './made-parents.ts';
import { findOwned, type OwnedPath } from './owned-files.ts';
import { fileItem, hostsItem, instanceItem, planClean } from './plan.ts';
import type { CleanItem, CleanWorld } from './types.ts';

/**
 * Removes everything that was found: environments first, then hosts entries and trust, files last. What cannot be removed
 * is reported and stops nothing; what is still needed because of that is kept.
 */
export async function applyClean(facts: CleanFacts, world: CleanWorld): Promise<readonly CleanItem[]> {
  const instances: (readonly [RunningInstance, CleanItem])[] = [];
  for (const instance of facts.instances) {
    instances.push([instance, await guarded(instanceItem(instance), () => stop(instance, world.graceMs))]);
  }
  const hosts: CleanItem[] = [];
  for (const found of facts.hosts) hosts.push(await guarded(hostsItem(found), () => removeBlocks(found)));
  const trust = await untrust(facts, world);
  const alive = new Set(
    instances.filter(([, { status }]) => status !== 'removed').map(([{ stateDir }]) => stateDir),
  );
  const needsBackups = hosts.some(({ status }) => status !== 'removed');
  const files = await removeFiles(world, (owned) => {
    if (alive.has(owned.path)) return 'its environment still runs';
    return needsBackups && owned.label.includes('hosts file')
      ? 'the hosts file still has entries of ours'
      : null;
  });
  return [...instances.map(([, item]) => item), ...hosts, ...trust, ...files];
}

type Outcome = Partial<Pick<CleanItem, 'status' | 'why' | 'commands'>>;

const REMOVED: Outcome = { status: 'removed' };

async function stop({ stateDir, record }: RunningInstance, graceMs: number): Promise<Outcome> {
  const outcome = await stopInstance({ stateDir, name: record.name }, graceMs);
  if (outcome !== 'still-running') return REMOVED;
  return { status: 'failed', why: 'it does not end, or runs in another container' };
}

async function removeBlocks({ target, report }: FoundHosts): Promise<Outcome> {
  if (report instanceof JwtDevError) return { status: 'failed' };
  try {
    await removeAllHosts(target.file, target.world);
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    await target.elevate(error);
  }
  return REMOVED;
}

async function untrust(facts: CleanFacts, world: CleanWorld): Promise<readonly CleanItem[]> {
  const planned = planClean({ ...facts, instances: [], hosts: [], files: [] });
  const stores = world.stores.filter(({ id }) => facts.stores.some((found) => found.id === id));
  const reports = await removeTrust(stores, null, world.steps);
  return planned.map((item, index): CleanItem => {
    const report = reports.find(({ id }) => id === facts.stores[index]?.id);
    if (report === undefined || report.status === 'removed' || report.status === 'not-trusted') {
      return { ...item, status: 'removed', why: null };
    }
    const { why, commands } = report;
    return { ...item, status: report.status === 'needs-root' ? 'needs-privilege' : 'failed', why, commands };
  });
}

/** @param keep why a path must stay although it is ours; null: it need not. */
async function removeFiles(
  world: CleanWorld,
  keep: (owned: OwnedPath) => string | null,
): Promise<readonly CleanItem[]> {
  // Read anew: the steps before wrote into our directories too (a backup of the hosts file).
  const { owned } = await findOwned(world);
  const containers = await findContainers(world);
  const { dataDir, stateDir } = world.paths;
  const parents = await Promise.all([dataDir, stateDir].map((dir) => findMadeParents(dir, world.homeDir)));
  const items: CleanItem[] = [];
  for (const each of owned) {
    const item = fileItem(each);
    const reason = each.foreign ?? keep(each);
    items.push(
      reason === null
        ? await guarded(item, () => remove(each.path))
        : { ...item, status: 'kept', why: reason },
    );
  }
  await removeEmpty(containers);
  await removeEmpty([...new Set(parents.flat())].toSorted((a, b) => b.length - a.length));
  return items;
}

/** Links inside are removed themselves, never what they lead to (fs.rm asks lstat). */
async function remove(file: string): Promise<Outcome> {
  await rm(file, { recursive: true, force: true, maxRetries: 3 });
  return REMOVED;
}

/** Whatever one step throws, the others are done; the user sees it in this item's line. */
async function guarded(item: CleanItem, work: () => Promise<Outcome>): Promise<CleanItem> {
  try {
    return { ...item, ...(await work()) };
  } catch (error) {
    const errno = errnoOf(error);
    if (error instanceof JwtDevError) {
      const command = error.facts['command'];
      return {
        ...item,
        status: error.code === 'ERR_PRIVILEGE_REQUIRED' ? 'needs-privilege' : 'failed',
        why: error.message,
        commands: typeof command === 'string' ? [command] : [],
      };
    }
    if (errno === undefined) throw error;
    if (errno !== 'EACCES' && errno !== 'EPERM') return { ...item, status: 'failed', why: messageOf(error) };
    return {
      ...item,
      status: 'needs-privilege',
      why: 'it belongs to another user, most likely because of an earlier run with sudo',
      commands: item.kind === 'files' ? [`sudo rm -r -- ${quoteForShell(item.location)}`] : [],
    };
  }
}
