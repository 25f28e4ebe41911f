import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { type HostsPlaces, type HostsWorld, hostsPlaces } from './world.ts';
import { makeOwnDir, unlinkIfPresent, writeOwnFile } from './write-file.ts';

/** The newest ones, plus the newest that has nothing of ours in it, however old. */
const KEPT_BACKUPS = 5;
const OUR_MARKER = Buffer.from('# >>> jwt-dev ');

/**
 * Keeps the file's bytes in the state directory; answers where. The newest backup is reused where it already
 * holds these bytes. Call it under the file's lock.
 * @throws JwtDevError ERR_HOSTS_BACKUP
 */
export async function saveBackup(real: string, bytes: Buffer, world: HostsWorld): Promise<string> {
  const places = hostsPlaces(real, world.stateDir);
  try {
    await makeOwnDir(places.backupDir, world.owner, world.fs);
    const names = await backupNames(places, world);
    const newest = names.at(-1);
    if (newest !== undefined) {
      const file = path.join(places.backupDir, newest);
      if ((await world.fs.readFile(file)).equals(bytes)) return file;
    }
    const number = Number(newest?.slice(places.backupPrefix.length).split('-')[0] ?? 0) + 1;
    const moment = world
      .now()
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, '');
    const name = `${places.backupPrefix}${String(number).padStart(6, '0')}-${moment}.bak`;
    const file = path.join(places.backupDir, name);
    await writeOwnFile(file, bytes, world.owner, world.fs);
    return file;
  } catch (error) {
    throw new JwtDevError(
      'ERR_HOSTS_BACKUP',
      `Cannot keep a backup of ${real} in ${places.backupDir}, so it was not changed: ${messageOf(error)}`,
      {
        cause: error,
        hint: 'Make that directory writable (and the disk not full), then run the command again.',
      },
    );
  }
}

/** The backups of a hosts file, oldest first, absolute. */
export async function listBackups(real: string, world: HostsWorld): Promise<readonly string[]> {
  const places = hostsPlaces(real, world.stateDir);
  return (await backupNames(places, world)).map((name) => path.join(places.backupDir, name));
}

/** Drops all but the few that are worth keeping. */
export async function pruneBackups(real: string, world: HostsWorld): Promise<void> {
  const older = (await listBackups(real, world)).slice(0, -KEPT_BACKUPS);
  let withoutUs: string | undefined;
  for (const file of older.toReversed()) {
    if (withoutUs === undefined && !(await world.fs.readFile(file)).includes(OUR_MARKER)) withoutUs = file;
    else await unlinkIfPresent(file, world.fs);
  }
}

async function backupNames(places: HostsPlaces, world: HostsWorld): Promise<readonly string[]> {
  try {
    const names = await world.fs.readdir(places.backupDir);
    return names.filter((name) => name.startsWith(places.backupPrefix) && name.endsWith('.bak')).toSorted();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
