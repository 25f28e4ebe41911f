import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/auth/store/open-store.ts';
import type { AuthStore } from '../../src/auth/store/types.ts';
import { type Answer, login, PASSWORD, registerAndLogin, startAuth } from '../helpers/auth-api.ts';
import { startPostgres, type TestPostgres } from '../helpers/auth-postgres.ts';
import { ANN, describeStore } from '../helpers/auth-store-suite.ts';
import { claimsFor, mint } from '../helpers/auth-tokens.ts';

/** More rounds on a machine of one's own: AUTH_REFRESH_ROUNDS=1000. */
const ROUNDS = Number(process.env['AUTH_REFRESH_ROUNDS'] ?? 20);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

async function open(url: string): Promise<AuthStore> {
  const store = await openStore(url, null);
  onTestFinished(() => store.close());
  return store;
}

describeStore('PostgreSQL', async () => open(await postgres.newDatabase()));

describe('PostgreSQL', () => {
  it('is migrated once by instances that start at the same time', async () => {
    const url = await postgres.newDatabase();
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(url)));
    await stores[0]?.addUser(ANN);
    expect(await stores[4]?.listUsers()).toHaveLength(1);
  });

  it('that cannot be reached is an error without the password', async () => {
    const failed = openStore('postgres://user:top-secret@127.0.0.1:1/none', null);
    await expect(failed).rejects.toMatchObject({ code: 'ERR_STORE' });
    await expect(failed).rejects.not.toThrow(/top-secret/);
  });

  it('takes tokens with ids that it could not store as they are', async () => {
    const api = await startAuth({ store: await postgres.newDatabase() });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    for (const jti of ['nul \0 byte', 'lone \ud800 surrogate', '"quoted" \\', 'x'.repeat(2000)]) {
      const refresh = mint(claimsFor('refresh', { jti }));
      expect((await client.post('/auth/token/refresh/', { refresh })).status).toBe(200);
      expect((await client.post('/auth/token/refresh/', { refresh })).status).toBe(200);
    }
    expect(api.unexpected).toEqual([]);
  });

  it('purges while others rotate, and nobody fails', async () => {
    const store = await open(await postgres.newDatabase());
    const now = 1_800_000_000_000;
    const token = (jti: string, expiresAt: number) => ({ jti, userId: 1, issuedAt: now, expiresAt });
    const rotations = Array.from({ length: 40 }, async (_, index) => {
      const presented = token(`old-${index}`, now - 1);
      const next = token(`new-${index}`, now + 1000);
      await store.startFamily(presented);
      return store.rotateRefresh({ presented, next, now, reuse: 'grace', graceMs: 1000 });
    });
    const purges = Array.from({ length: 10 }, () => store.purgeExpired(now));
    const results = await Promise.all(rotations);
    await Promise.all(purges);
    expect(results.every(({ kind }) => kind === 'rotated')).toBe(true);
  });
});

describe('two instances on one PostgreSQL', () => {
  it('share users and sessions', async () => {
    const store = await postgres.newDatabase();
    const [one, two] = [await startAuth({ store }), await startAuth({ store })];
    await registerAndLogin(one.client(), 'ann');
    const client = two.client();
    await login(client, 'ann');
    expect((await client.get('/auth/user/')).body).toMatchObject({ username: 'ann' });
  });

  it.each(['strict', 'grace'] as const)('rotate one cookie once between them, policy %s', async (reuse) => {
    const store = await postgres.newDatabase();
    const instances = [
      await startAuth({ store, tokens: { reuse } }),
      await startAuth({ store, tokens: { reuse } }),
    ];
    const clients = instances.map((instance) => instance.client());
    const [first] = clients;
    if (first === undefined) throw new Error('no client');
    await registerAndLogin(first, 'ann');
    let refresh = first.jar.get('jwt-refresh-token') ?? '';
    for (let round = 0; round < ROUNDS; round += 1) {
      const cookie = `jwt-refresh-token=${refresh}`;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (clients[index % 2] ?? first).post('/auth/token/refresh/', {}, { cookie }),
        ),
      );
      const good = answers.filter(({ status }) => status === 200);
      const next = new Set(good.map(refreshTokenOf));
      expect([good.length, next.size]).toEqual([reuse === 'strict' ? 1 : 20, 1]);
      refresh = [...next][0] ?? '';
    }
    expect(instances.flatMap(({ unexpected }) => unexpected)).toEqual([]);
  });

  it('let one of them register a name', async () => {
    const store = await postgres.newDatabase();
    const instances = [await startAuth({ store }), await startAuth({ store })];
    const account = { username: 'ann', password1: PASSWORD, password2: PASSWORD };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (instances[index % 2] as (typeof instances)[number]).client().post('/auth/registration/', account),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 400)]);
  });
});

function refreshTokenOf(answer: Answer): string | undefined {
  return /^[^=]*=([^;]*)/.exec(answer.setCookies.get('jwt-refresh-token')?.[0] ?? '')?.[1];
}
