import { JwtDevError } from '../errors.ts';
import { listBackups } from './backups.ts';
import { changeHosts } from './change.ts';
import { readHosts } from './read.ts';
import type { HostsWorld } from './world.ts';

export interface RestoreReport {
  readonly file: string;
  /** The backup that was (or would be) put back. */
  readonly restored: string;
  readonly changed: boolean;
  readonly applied: boolean;
  /** Where the bytes that were replaced are: restoring again goes back to them. */
  readonly backup: string | null;
}

/**
 * The newest backup that differs from what the file holds now.
 * @throws JwtDevError ERR_HOSTS_BACKUP: there is none.
 */
export async function findBackup(file: string, world: HostsWorld): Promise<{ path: string; bytes: Buffer }> {
  const snapshot = await readHosts(file, world.fs);
  for (const path of (await listBackups(snapshot.path, world)).toReversed()) {
    const bytes = await world.fs.readFile(path);
    if (!bytes.equals(snapshot.bytes)) return { path, bytes };
  }
  throw new JwtDevError('ERR_HOSTS_BACKUP', `There is no backup of ${file} that differs from it`, {
    hint: 'jwt-dev keeps one whenever it changes a hosts file. Nothing was changed.',
  });
}

/** Puts a whole backup back, also over a file whose markers are broken. What it replaces is backed up first. */
export async function restoreHosts(file: string, world: HostsWorld): Promise<RestoreReport> {
  const { path, bytes } = await findBackup(file, world);
  const change = await changeHosts(file, () => ({ after: bytes }), world);
  return { file, restored: path, changed: true, applied: change.written, backup: change.backup };
}
