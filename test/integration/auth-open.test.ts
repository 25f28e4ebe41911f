import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSigningKey } from '../../src/auth/signing-key.ts';
import type { SeedUser } from '../../src/config/types.ts';
import { login, registerAndLogin, startAuth } from '../helpers/auth-api.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const SEED: SeedUser = {
  id: null,
  username: 'ann',
  email: 'Ann@example.org',
  password: 'ann',
  firstName: 'Ann',
  lastName: 'Archer',
  isActive: true,
  extra: {},
};

describe('a restart', () => {
  it('logs nobody out: keys, users and sessions are kept', async () => {
    const stateDir = await tempDir();
    const config = { store: path.join(stateDir, 'auth.sqlite'), tokens: { secretEnv: null } };
    const first = await startAuth(config, { stateDir });
    const client = first.client();
    await registerAndLogin(client, 'ann');
    const second = await startAuth(config, { stateDir });
    const again = second.client();
    for (const [name, value] of client.jar) again.jar.set(name, value);
    expect((await again.get('/auth/user/')).body).toMatchObject({ username: 'ann' });
    expect((await again.post('/auth/token/refresh/')).status).toBe(200);
  });

  it('keeps links in mails good', async () => {
    const stateDir = await tempDir();
    const config = { store: path.join(stateDir, 'auth.sqlite') };
    const first = await startAuth(config);
    await registerAndLogin(first.client(), 'ann');
    const [mail] = await first.store.listMail();
    const second = await startAuth(config);
    const answer = await second
      .client()
      .post('/auth/registration/verify-email/', { key: mail?.parts['key'] });
    expect(answer.status).toBe(200);
  });
});

describe('users of the configuration', () => {
  it('get their pinned ids, the others the next free ones, whatever their order', async () => {
    const users = [
      SEED,
      { ...SEED, id: 1, username: 'bob', email: '' },
      { ...SEED, id: 5, username: 'eve', email: '' },
    ];
    const api = await startAuth({ users });
    const stored = await api.store.listUsers();
    expect(stored.map(({ id, username }) => [id, username])).toEqual([
      [1, 'bob'],
      [5, 'eve'],
      [6, 'ann'],
    ]);
    expect(api.users.map(({ username }) => username)).toEqual(['ann', 'bob', 'eve']);
    await login(api.client(), 'ann', 'ann');
  });

  it('have a verified address in lower case', async () => {
    const api = await startAuth({ users: [SEED], emailVerification: 'mandatory' });
    expect((await api.store.listUsers())[0]).toMatchObject({ email: 'ann@example.org', emailVerified: true });
    await login(api.client(), 'ann@example.org', 'ann');
  });

  it('keep what was changed since, at every later start', async () => {
    const store = path.join(await tempDir(), 'auth.sqlite');
    const first = await startAuth({ store, users: [SEED] });
    const [ann] = await first.store.listUsers();
    await first.store.changeUser(ann?.id ?? 0, { firstName: 'Changed' });
    const second = await startAuth({ store, users: [{ ...SEED, username: 'ANN', firstName: 'Other' }] });
    expect((await second.store.listUsers()).map(({ username, firstName }) => [username, firstName])).toEqual([
      ['ann', 'Changed'],
    ]);
  });

  it('that cannot have their id are an error that names both', async () => {
    const store = path.join(await tempDir(), 'auth.sqlite');
    await startAuth({ store, users: [{ ...SEED, id: 1 }] });
    await expect(startAuth({ store, users: [{ ...SEED, id: 1, username: 'bob' }] })).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: expect.stringMatching(/"bob".*"ann"/) as string,
    });
  });

  it('who are switched off cannot log in', async () => {
    const api = await startAuth({ users: [{ ...SEED, isActive: false }] });
    const answer = await api.client().post('/auth/login/', { username: 'ann', password: 'ann' });
    expect(answer.body).toEqual({ non_field_errors: ['Unable to log in with provided credentials.'] });
  });
});

describe('the signing key', () => {
  const options = { owner: null, env: {} };

  it.each(['HS256', 'RS256', 'ES256'] as const)(
    'of %s is made once and kept, readable by its owner alone',
    async (algorithm) => {
      const stateDir = path.join(await tempDir(), 'state');
      const tokens = { algorithm, secretEnv: null };
      const made = await loadSigningKey({ ...options, tokens, stateDir });
      const kept = await loadSigningKey({ ...options, tokens, stateDir });
      expect(kept.sign.equals(made.sign)).toBe(true);
      expect(kept.id).toBe(made.id);
      const file = path.join(stateDir, `signing-key.${algorithm.toLowerCase()}.json`);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    },
  );

  it('from the environment must be there', async () => {
    const tokens = { algorithm: 'HS256', secretEnv: 'NO_SUCH_SECRET' } as const;
    await expect(loadSigningKey({ ...options, tokens, stateDir: '/nowhere' })).rejects.toMatchObject({
      code: 'ERR_SIGNING_KEY',
      hint: expect.stringContaining('NO_SUCH_SECRET') as string,
    });
  });

  it.each(['', '{', '{}', '{"kty":"oct","k":"c2hvcnQ"}', '[]'])(
    'that is %j is an error that names the file',
    async (text) => {
      const stateDir = await tempDir();
      await writeFile(path.join(stateDir, 'signing-key.hs256.json'), text);
      const tokens = { algorithm: 'HS256', secretEnv: null } as const;
      await expect(loadSigningKey({ ...options, tokens, stateDir })).rejects.toMatchObject({
        code: 'ERR_SIGNING_KEY',
        message: expect.stringContaining(stateDir) as string,
      });
    },
  );
});
