import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errors.ts';
import type { CleanWorld } from './types.ts';

/** A file or directory that jwt-dev made, or one beside them that it did not. */
export interface OwnedPath {
  readonly path: string;
  readonly label: string;
  /** The project's state directory, where it is one. */
  readonly isProject: boolean;
  /** Why it stays; null: it is ours, with all that is in it. */
  readonly foreign: string | null;
}

/** One of the directories that hold things of ours. It goes when nothing is left in it. */
interface Container {
  readonly dir: string;
  /** What a name in it is, or undefined: nothing that jwt-dev makes. */
  readonly labelOf: (name: string) => string | undefined;
  readonly isProjects?: boolean;
}

/** As `projectStateDir` names them. */
const PROJECT = /^[\w.-]{1,40}-[\da-f]{10}$/;
/** As `hostsPlaces` names what belongs to one hosts file. */
const HOSTS_KEY = /^[\w.-]+-[\da-f]{10}\b/;

/**
 * Every directory of ours, the innermost last. Only names that jwt-dev gives are taken for its own: JWT_DEV_HOME may be
 * a directory in which somebody keeps a "data" or a "state" too.
 */
function containers(
  { dataDir, stateDir }: CleanWorld['paths'],
  snapDirs: readonly string[],
): readonly Container[] {
  const inState = (...names: readonly string[]): string => path.join(stateDir, ...names);
  const known = (names: readonly string[]) => (name: string) => (names.includes(name) ? '' : undefined);
  const project = (name: string, what: string): string | undefined =>
    PROJECT.test(name) ? `${what} ${name.slice(0, -'-0123456789'.length)}` : undefined;
  return [
    { dir: dataDir, labelOf: known(['authorities']) },
    { dir: stateDir, labelOf: known(['projects', 'backups', 'journals', 'leases', 'locks']) },
    {
      dir: path.join(dataDir, 'authorities'),
      labelOf: (name) =>
        /\.lock(\.|$)/.test(name)
          ? 'a lock'
          : /^[\w.-]+\.[\w-]+$/.test(name)
            ? `the local CA of ${name}`
            : undefined,
    },
    {
      dir: inState('projects'),
      isProjects: true,
      labelOf: (name) => project(name, 'users, keys, certificates and logs of the project'),
    },
    { dir: inState('backups'), labelOf: known(['hosts']) },
    {
      dir: inState('backups', 'hosts'),
      labelOf: (name) => (HOSTS_KEY.test(name) ? 'a backup of a hosts file' : undefined),
    },
    ...['journals', 'leases', 'locks'].map((name) => ({
      dir: inState(name),
      labelOf: (entry: string) => (HOSTS_KEY.test(entry) ? `${name} of a hosts file` : undefined),
    })),
    ...snapDirs.map((dir) => ({
      dir,
      isProjects: true,
      labelOf: (name: string) => project(name, 'browser profiles of the project'),
    })),
  ];
}

/** What there is of ours on disk; `containers`: the directories around it, the innermost first. */
export async function findOwned({ paths, homeDir }: Pick<CleanWorld, 'paths' | 'homeDir'>): Promise<{
  readonly owned: readonly OwnedPath[];
  readonly containers: readonly string[];
}> {
  const all = containers(paths, await findSnapDirs(homeDir));
  const insides = new Set(all.map(({ dir }) => dir));
  const closed: string[] = [];
  const owned: OwnedPath[] = [];
  for (const { dir, labelOf, isProjects = false } of all) {
    // What is below a link is somewhere else: somebody has moved it there on purpose.
    if (closed.some((link) => dir.startsWith(`${link}${path.sep}`))) continue;
    if ((await lstatIfPresent(dir))?.isSymbolicLink() === true) {
      closed.push(dir);
      const foreign = 'it is a symbolic link, which is not followed';
      owned.push({ path: dir, label: 'a directory of jwt-dev', isProject: false, foreign });
      continue;
    }
    for (const name of await namesIn(dir)) {
      const file = path.join(dir, name);
      if (insides.has(file)) continue;
      const label = labelOf(name);
      const isLink = (await lstatIfPresent(file))?.isSymbolicLink() === true;
      const foreign =
        label === undefined
          ? 'jwt-dev did not make it'
          : isLink
            ? 'it is a symbolic link, which is not followed'
            : null;
      owned.push({ path: file, label: label || 'something else', isProject: isProjects, foreign });
    }
  }
  const real = all.map(({ dir }) => dir).filter((dir) => !closed.some((link) => isAtOrBelow(dir, link)));
  return { owned, containers: real.toReversed() };
}

/** Browsers from snaps may only write below their own part of the home; see browser/plan.ts. */
async function findSnapDirs(homeDir: string): Promise<readonly string[]> {
  const snaps = path.join(homeDir, 'snap');
  const found: string[] = [];
  for (const name of await namesIn(snaps)) {
    const dir = path.join(snaps, name, 'common', 'jwt-dev');
    if ((await lstatIfPresent(dir)) !== undefined) found.push(dir);
  }
  return found;
}

function isAtOrBelow(dir: string, parent: string): boolean {
  return dir === parent || dir.startsWith(`${parent}${path.sep}`);
}

export async function lstatIfPresent(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).toSorted();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
