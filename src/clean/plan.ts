import { JwtDevError } from '../errors.ts';
import { type CleanFacts, type FoundHosts, projectName, type RunningInstance } from './facts.ts';
import type { OwnedPath } from './owned-files.ts';
import type { CleanItem } from './types.ts';

/** What cleaning does, in the order in which it does it: what runs writes, and files go last. Pure. */
export function planClean({ instances, hosts, stores, files }: CleanFacts): readonly CleanItem[] {
  return [
    ...instances.map(instanceItem),
    ...hosts.map(hostsItem),
    ...stores.map(
      ({ label, location, status, why }): CleanItem => ({
        ...item('trust', `the local CA in the trust store: ${label}`, location),
        ...(status === 'failed' ? { status: 'failed' as const, why } : {}),
      }),
    ),
    ...files.map(fileItem),
  ];
}

/** Whether there is anything to remove; what is not ours does not count. */
export function hasWork(items: readonly CleanItem[]): boolean {
  return items.some(({ status }) => status === 'found');
}

export function instanceItem({ stateDir, record }: RunningInstance): CleanItem {
  const { name, process, facts } = record;
  const where = facts === null ? 'still starting' : facts.frontend;
  return item(
    'instance',
    `the running environment "${name}" of the project ${projectName(stateDir)} (${where})`,
    `process ${process.pid}`,
  );
}

export function hostsItem({ target, report }: FoundHosts): CleanItem {
  const { file } = target;
  if (report instanceof JwtDevError) {
    const why = [report.message, ...report.details].join('; ');
    return { ...item('hosts', 'a hosts file', file), status: 'failed', why };
  }
  const names = report.changes.filter(({ kind }) => kind === 'remove').map(({ hostname }) => hostname);
  return item('hosts', `the entries for ${[...new Set(names)].join(', ') || 'no name'}`, file);
}

export function fileItem({ path, label, foreign }: OwnedPath): CleanItem {
  const found = item('files', label, path);
  return foreign === null ? found : { ...found, status: 'kept', why: foreign };
}

function item(kind: CleanItem['kind'], label: string, location: string): CleanItem {
  return { kind, label, location, status: 'found', why: null, commands: [] };
}
