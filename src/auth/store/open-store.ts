import { chown, open } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../../errors.ts';
import { makePrivateDir, type Owner } from '../../system/files.ts';
import { openDatabase } from './sqlite/database.ts';
import { createSqliteStore } from './sqlite/store.ts';
import type { OpenedStore } from './types.ts';

/**
 * Opens the store that `auth.store` names: a file path, `:memory:` or a postgres:// URL.
 * A new file is readable by its owner alone: it holds password hashes.
 * @throws JwtDevError ERR_STORE
 */
export async function openStore(location: string, owner: Owner | null): Promise<OpenedStore> {
  if (/^postgres(?:ql)?:\/\//.test(location)) {
    const { openPostgres } = await import('./postgres/database.ts');
    const { createPostgresStore } = await import('./postgres/store.ts');
    return createPostgresStore(await openPostgres(location));
  }
  if (location !== ':memory:') await createPrivateFile(location, owner);
  return createSqliteStore(await openDatabase(location));
}

/** SQLite gives its -wal and -shm files the mode and the owner of the database file. */
async function createPrivateFile(file: string, owner: Owner | null): Promise<void> {
  await makePrivateDir(path.dirname(file), owner);
  try {
    await (await open(file, 'wx', 0o600)).close();
    if (owner !== null) await chown(file, owner.uid, owner.gid);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    throw new JwtDevError('ERR_STORE', `Cannot create the auth store ${file}: ${messageOf(error)}`, {
      cause: error,
      hint: 'Name a file that can be written in auth.store, or ":memory:".',
    });
  }
}
