import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPasswords } from '../../src/auth/passwords/hash.ts';
import { openStore } from '../../src/auth/store/open-store.ts';
import { runOutbox } from '../../src/commands/outbox.ts';
import {
  addOne,
  importFile,
  listUsers,
  removeOne,
  setActive,
  setPassword,
} from '../../src/commands/users-act.ts';
import { authConfig, CHEAP } from '../helpers/auth-api.ts';
import { type CommandWorld, commandWorld } from '../helpers/certs-context.ts';
import { tempDir } from '../helpers/temp-dir.ts';

async function world(
  json = true,
): Promise<CommandWorld & { readonly dir: string; readonly answer: () => unknown }> {
  const dir = await tempDir();
  await mkdir(path.join(dir, 'home'));
  const made = await commandWorld(dir, { json });
  const config = { ...made.config, auth: authConfig({ store: path.join(dir, 'auth.sqlite') }) };
  let read = 0;
  const answer = (): unknown => {
    const text = made.stdout().slice(read);
    read = made.stdout().length;
    return JSON.parse(text) as unknown;
  };
  return { ...made, config, dir, answer };
}

async function isPassword(file: string, username: string, password: string): Promise<boolean> {
  const passwords = createPasswords({
    cost: CHEAP,
    randomBytes: (size) => Buffer.alloc(size),
    limit: (work) => work(),
  });
  const store = await openStore(file, null);
  try {
    return await passwords.verify(password, (await store.userByUsername(username))?.passwordHash);
  } finally {
    await store.close();
  }
}

describe('jwt-dev users', () => {
  it('adds, lists, changes and removes', async () => {
    const { context, config, answer } = await world();
    expect(await addOne('Ann', { email: 'Ann@example.org', password: 'secret' }, context, config)).toBe(0);
    expect(answer()).toMatchObject({ id: 1, username: 'Ann', email: 'ann@example.org', active: true });
    await setActive('ann', false, context, config);
    expect(answer()).toMatchObject({ active: false });
    await setActive('1', true, context, config);
    expect(answer()).toMatchObject({ active: true });
    await listUsers(context, config);
    expect(answer()).toMatchObject([{ id: 1, username: 'Ann', emailVerified: true }]);
    await removeOne('ann@example.org', context, config);
    expect(answer()).toMatchObject({ username: 'Ann' });
    await listUsers(context, config);
    expect(answer()).toEqual([]);
  });

  it('makes a password where none is given, and tells it this once', async () => {
    const { context, config, answer } = await world();
    await addOne('ann', {}, context, config);
    const { password: made } = answer() as { password: string };
    expect(await isPassword(config.auth.store, 'ann', made)).toBe(true);
    await setPassword('ann', 'secret', context, config);
    expect(answer()).not.toHaveProperty('password');
    expect(await isPassword(config.auth.store, 'ann', 'secret')).toBe(true);
    expect(await isPassword(config.auth.store, 'ann', made)).toBe(false);
  });

  it('says it in words too', async () => {
    const { context, config, stdout } = await world(false);
    await listUsers(context, config);
    await addOne('ann', { email: 'ann@example.org', password: 'x' }, context, config);
    await addOne('bob', { password: 'x', inactive: true }, context, config);
    await listUsers(context, config);
    expect(stdout().split('\n')).toEqual([
      'No users. Add one with: jwt-dev users add NAME',
      'Added ann (id 1)',
      'Added bob (id 2)',
      'id  username  e-mail           state',
      '1   ann       ann@example.org  active',
      '2   bob                        inactive',
      '',
    ]);
  });

  it('refuses names that are none, names that are taken, and users that nobody knows', async () => {
    const { context, config } = await world();
    await addOne('ann', { email: 'shared@example.org' }, context, config);
    await addOne('bob', { email: 'shared@example.org' }, context, config);
    const usage = { code: 'ERR_USAGE' };
    await expect(addOne('a b', {}, context, config)).rejects.toMatchObject(usage);
    await expect(addOne('x', { email: 'nope' }, context, config)).rejects.toMatchObject(usage);
    await expect(addOne('ANN', {}, context, config)).rejects.toMatchObject(usage);
    await expect(removeOne('nobody', context, config)).rejects.toMatchObject(usage);
    await expect(removeOne('shared@example.org', context, config)).rejects.toMatchObject({
      message: 'Several users have the address shared@example.org: ann, bob',
    });
  });

  it('cannot reach a store in memory, and says so', async () => {
    const { context, config } = await world();
    const inMemory = { ...config, auth: authConfig() };
    await expect(listUsers(context, inMemory)).rejects.toMatchObject({ code: 'ERR_STORE' });
  });

  it('imports a Django dump: ids and passwords stay, nobody is overwritten', async () => {
    const { context, config, dir, answer } = await world();
    // The password is "lètmein 1", hashed by Django.
    const password = 'pbkdf2_sha256$1000$saltsalt$FEXNUhnagzbtSp6S1e1D0gPvwaEryW4E6X8LlYOPANc=';
    const user = (pk: number, username: string) => ({
      model: 'auth.user',
      pk,
      fields: { username, password },
    });
    await addOne('bob', { password: 'x' }, context, config);
    answer();
    await writeFile(
      path.join(dir, 'dump.json'),
      JSON.stringify([user(1, 'ann'), user(7, 'eve'), user(9, 'BOB')]),
    );
    expect(await importFile('dump.json', context, config)).toBe(0);
    expect(answer()).toMatchObject({
      added: [
        { id: 2, username: 'ann' },
        { id: 7, username: 'eve' },
      ],
      skipped: ['BOB'],
      renumbered: [{ username: 'ann', from: 1, to: 2 }],
    });
    expect(await isPassword(config.auth.store, 'eve', 'lètmein 1')).toBe(true);
    await expect(importFile('missing.json', context, config)).rejects.toMatchObject({
      code: 'ERR_FILE_READ',
    });
  });
});

describe('jwt-dev outbox', () => {
  const mail = { type: 'confirm-email', subject: 'Subject', body: 'Text', sentAt: 0 } as const;

  it('shows, filters and clears', async () => {
    const { context, config, answer } = await world();
    const store = await openStore(config.auth.store, null);
    await store.addMail({ ...mail, to: 'ann@example.org', parts: { link: 'https://a', key: 'k' } }, 10);
    await store.addMail(
      { ...mail, to: 'bob@example.org', type: 'reset-password', parts: { link: 'https://b' } },
      10,
    );
    await store.close();
    await runOutbox({}, context, config);
    expect(answer()).toMatchObject([{ to: 'ann@example.org', sentAt: '1970-01-01T00:00:00.000Z' }, {}]);
    await runOutbox({ to: 'ANN@example.org', link: true }, context, config);
    expect(answer()).toEqual(['https://a']);
    await runOutbox({ last: true }, context, config);
    expect(answer()).toMatchObject([{ to: 'bob@example.org' }]);
    await runOutbox({ type: 'reset-password', wait: '5s', last: true, link: true }, context, config);
    expect(answer()).toEqual(['https://b']);
    await runOutbox({ clear: true }, context, config);
    answer();
    expect(await runOutbox({}, context, config)).toBe(0);
    expect(answer()).toEqual([]);
  });

  it('ends with exit code 6 where nothing comes in time', async () => {
    const { context, config, answer } = await world();
    expect(await runOutbox({ wait: '1ms' }, context, config)).toBe(6);
    expect(answer()).toEqual([]);
    await expect(runOutbox({ wait: 'soon' }, context, config)).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });

  it('is readable for a person', async () => {
    const { context, config, stdout } = await world(false);
    const store = await openStore(config.auth.store, null);
    await store.addMail({ ...mail, to: 'ann@example.org', parts: {} }, 10);
    await store.close();
    await runOutbox({}, context, config);
    expect(stdout()).toBe('1970-01-01T00:00:00.000Z  to ann@example.org\nSubject\n\nText\n');
  });
});
