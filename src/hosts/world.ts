import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Owner } from '../system/files.ts';
import type { LockOptions } from '../system/lock.ts';
import type { Run } from '../system/run.ts';
import type { HostsFileSystem } from './file-system.ts';

/** What changing a hosts file needs of the world. */
export interface HostsWorld {
  readonly platform: NodeJS.Platform;
  readonly fs: HostsFileSystem;
  readonly run: Run;
  readonly now: () => Date;
  readonly pid: number;
  readonly isRoot: boolean;
  /** The user's state directory (backups, journal, leases); new files in it belong to `owner`. */
  readonly stateDir: string;
  readonly owner: Owner | null;
  /** Tests stand in for other processes here. */
  readonly lock?: Pick<LockOptions, 'identify' | 'stateOf'>;
}

/** Where everything that belongs to one hosts file is kept. */
export interface HostsPlaces {
  /** In the hosts file's own directory: every user who may edit the file meets there. */
  readonly lock: string;
  /** Where that directory cannot be written to (a bind mount into a read-only directory). */
  readonly fallbackLock: string;
  readonly temporaryPrefix: string;
  readonly backupDir: string;
  readonly backupPrefix: string;
  readonly journal: string;
  readonly leaseDir: string;
}

/** @param real the hosts file's real path. */
export function hostsPlaces(real: string, stateDir: string): HostsPlaces {
  const base = path.basename(real);
  const key = `${base.replaceAll(/[^\w.-]/g, '_')}-${createHash('sha256').update(real).digest('hex').slice(0, 10)}`;
  const beside = path.join(path.dirname(real), `.${base}.jwt-dev-`);
  return {
    lock: `${beside}lock`,
    fallbackLock: path.join(stateDir, 'locks', `${key}.lock`),
    temporaryPrefix: beside,
    backupDir: path.join(stateDir, 'backups', 'hosts'),
    backupPrefix: `${key}-`,
    journal: path.join(stateDir, 'journals', `${key}.json`),
    leaseDir: path.join(stateDir, 'leases', key),
  };
}
