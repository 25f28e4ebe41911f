import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../errors.ts';
import type { DoctorWorld } from '../types.ts';

/** One file or directory of ours. */
export interface PathFact {
  readonly path: string;
  readonly uid: number;
  /** The permission bits. */
  readonly mode: number;
}

export interface StateFacts {
  /** Who has to own them; null: the platform has no user ids. */
  readonly userId: number | null;
  /** Directories that nobody else may enter; those that are there. */
  readonly directories: readonly PathFact[];
}

export async function readState(
  world: Pick<DoctorWorld, 'paths' | 'config' | 'userId'>,
): Promise<StateFacts> {
  const { paths, config, userId } = world;
  const authorities = path.join(paths.dataDir, 'authorities');
  const directories = await readPaths([
    paths.dataDir,
    paths.stateDir,
    config.stateDir,
    path.join(config.stateDir, 'certs'),
    authorities,
    path.join(authorities, config.site),
  ]);
  return { userId, directories };
}

/** Owner and mode of those that are there. */
export async function readPaths(files: readonly string[]): Promise<readonly PathFact[]> {
  const found = await Promise.all(files.map(readPath));
  return found.filter((fact) => fact !== undefined);
}

async function readPath(file: string): Promise<PathFact | undefined> {
  try {
    const { uid, mode } = await lstat(file);
    return { path: file, uid, mode: mode & 0o7777 };
  } catch (error) {
    const errno = errnoOf(error);
    // EACCES: a directory above it is another user's, and stands in the list itself.
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EACCES') return undefined;
    throw error;
  }
}
