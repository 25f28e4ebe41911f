import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/auth/store/open-store.ts';
import { openDatabase } from '../../src/auth/store/sqlite/database.ts';
import { createSqliteStore } from '../../src/auth/store/sqlite/store.ts';
import type { AuthStore } from '../../src/auth/store/types.ts';
import { ANN, describeStore } from '../helpers/auth-store-suite.ts';
import { tempDir } from '../helpers/temp-dir.ts';

async function open(location: string): Promise<AuthStore> {
  const store = await openStore(location, null);
  onTestFinished(() => store.close());
  return store;
}

describeStore('memory', () => open(':memory:'));
describeStore('an SQLite file', async () => open(path.join(await tempDir(), 'auth.sqlite')));

describe('the SQLite file', () => {
  it('and what SQLite puts beside it are readable by their owner alone', async () => {
    const file = path.join(await tempDir(), 'new', 'auth.sqlite');
    const store = await open(file);
    await store.addUser(ANN);
    for (const suffix of ['', '-wal', '-shm']) {
      expect((await stat(file + suffix)).mode & 0o777).toBe(0o600);
    }
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
  });

  it('may be open twice: what one writes the other reads, and both may write at once', async () => {
    const file = path.join(await tempDir(), 'auth.sqlite');
    const [one, two] = [await open(file), await open(file)];
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? one : two).addUser({ ...ANN, username: `user-${index}` }),
      ),
    );
    expect(await one.listUsers()).toHaveLength(40);
    expect(await two.listUsers()).toHaveLength(40);
  });

  it('shows at once what another connection changed of a user who was read before', async () => {
    const file = path.join(await tempDir(), 'auth.sqlite');
    const [one, two] = [await open(file), await open(file)];
    const id = (await one.addUser(ANN))?.id ?? 0;
    expect((await one.userById(id))?.isActive).toBe(true);
    for (const isActive of [false, true, false]) {
      await two.changeUser(id, { isActive });
      expect((await one.userById(id))?.isActive).toBe(isActive);
      await one.changeUser(id, { firstName: String(isActive) });
      expect(await two.userById(id)).toMatchObject({ isActive, firstName: String(isActive) });
    }
    await two.removeUser(id);
    expect(await one.userById(id)).toBeUndefined();
  });

  it('of a newer version is refused and left alone', async () => {
    const file = path.join(await tempDir(), 'auth.sqlite');
    const sql = await openDatabase(file);
    sql.run('pragma user_version = 999');
    sql.close();
    await expect(openStore(file, null)).rejects.toMatchObject({ code: 'ERR_STORE' });
  });

  it('that is no database is refused and left alone', async () => {
    await expect(openStore(import.meta.filename, null)).rejects.toMatchObject({ code: 'ERR_STORE' });
    await expect(openStore(path.dirname(import.meta.filename), null)).rejects.toMatchObject({
      code: 'ERR_STORE',
    });
  });

  it('undoes a transaction that fails in its middle', async () => {
    const sql = await openDatabase(':memory:');
    onTestFinished(() => sql.close());
    const store = createSqliteStore(sql);
    expect(() =>
      sql.transaction(() => {
        sql.run("insert into meta (key, value) values ('a', '1')");
        throw new Error('in the middle');
      }),
    ).toThrow('in the middle');
    expect(await store.meta('a')).toBeUndefined();
    await store.setMeta('a', '2');
    expect(await store.meta('a')).toBe('2');
  });
});
