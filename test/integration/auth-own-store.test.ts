import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type AuthStore,
  type NewMail,
  type OpenAuthApiOptions,
  openAuthApi,
  openAuthStore,
  type UserStore,
} from '../../src/auth/entry.ts';
import { openAuth } from '../../src/auth/open.ts';
import { describeFailure, replayContract } from '../contract/replay-contract.mjs';
import { CHEAP, createClient, PASSWORD } from '../helpers/auth-api.ts';
import { MemoryStore } from '../helpers/auth-memory-store.ts';
import { describeStore } from '../helpers/auth-store-suite.ts';

/** Users of one's own over the ledger, outbox and settings of a store that comes with the package. */
async function ownUsers(): Promise<AuthStore> {
  const ours = await openAuthStore(':memory:');
  onTestFinished(() => ours.close());
  const own = new MemoryStore();
  const users: UserStore = {
    userById: (id) => own.userById(id),
    userByUsername: (username) => own.userByUsername(username),
    usersByEmail: (email) => own.usersByEmail(email),
    listUsers: () => own.listUsers(),
    addUser: (user) => own.addUser(user),
    changeUser: (id, changes) => own.changeUser(id, changes),
    verifyEmail: (id) => own.verifyEmail(id),
    removeUser: (id) => own.removeUser(id),
  };
  return { ...ours, ...users };
}

describeStore("a store of one's own", async () => new MemoryStore());
describeStore("users of one's own over the rest of a store that comes with it", ownUsers);

const contract = JSON.parse(
  readFileSync(new URL('../fixtures/contract.public.json', import.meta.url), 'utf8'),
) as { configs: Record<string, string> };

describe('the recorded answers of dj-rest-auth', () => {
  it.each(Object.keys(contract.configs))(
    "are given with a store of one's own too, configuration %s",
    async (config) => {
      const options = { open: { passwordCost: CHEAP, store: new MemoryStore() } };
      const results = await replayContract(openAuth, contract, config, options);
      expect(results.filter(({ outcome }) => outcome === 'fail').map(describeFailure)).toEqual([]);
      expect(results.filter(({ outcome }) => outcome === 'pass').length).toBeGreaterThan(350);
    },
  );
});

async function listen(options: OpenAuthApiOptions) {
  const auth = await openAuthApi(options);
  const server = createServer(auth.app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await auth.close();
  };
  onTestFinished(close);
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, auth, close };
}

const ANN = { username: 'ann', email: 'ann@example.com', password1: PASSWORD, password2: PASSWORD };

describe("openAuthApi with a store of one's own", () => {
  it('keeps users and sessions there, and leaves it open when it is closed', async () => {
    const store = new MemoryStore();
    const settings = { users: [], tokens: { secretEnv: 'SECRET' } };
    const env = { SECRET: 'a-secret-for-tests-0123456789abcdef0123456789' };
    const first = await listen({ store, settings, env });
    expect(first.auth.store).toBe(store);
    const before = createClient(first.base);
    expect((await before.post('/auth/registration/', ANN)).status).toBe(201);
    await before.post('/auth/login/', { username: 'ann', password: PASSWORD });
    await first.close();
    expect((await store.listUsers()).map(({ username }) => username)).toEqual(['ann']);

    const second = await listen({ store, settings, env });
    const after = createClient(second.base);
    for (const [name, value] of before.jar) after.jar.set(name, value);
    const used = before.jar.get('jwt-refresh-token') ?? '';
    expect((await after.get('/auth/user/')).body).toMatchObject({ username: 'ann' });
    expect((await after.post('/auth/token/refresh/', {})).status).toBe(200);
    expect(after.jar.get('jwt-refresh-token')).not.toBe(used);
    expect((await after.post('/auth/logout/', {})).status).toBe(200);
    const late = await after.post('/auth/token/refresh/', { refresh: used });
    expect(late.status).toBe(401);
  });

  it('sends mails by a mailer of one’s own, and not to the outbox', async () => {
    const sent: NewMail[] = [];
    const store = new MemoryStore();
    const mailer = async (mail: NewMail) => void sent.push(mail);
    const { base } = await listen({ store, mailer, settings: { users: [] } });
    await createClient(base).post('/auth/registration/', ANN);
    expect(sent).toMatchObject([{ to: 'ann@example.com', type: 'confirm-email' }]);
    expect(await store.listMail()).toEqual([]);
  });

  it('counts failed log-ins for the address that a trusted proxy names, and for nobody else’s word', async () => {
    const settings = { users: [], loginLimit: { perAccount: 100, perAddress: 1, windowSeconds: 60 } };
    const attempt = async (base: string, address: string) => {
      const headers = { 'x-forwarded-for': address };
      const body = { username: 'ann', password: 'wrong' };
      return (await createClient(base).post('/auth/login/', body, { headers })).status;
    };
    const { base } = await listen({ settings });
    expect([await attempt(base, '10.0.0.1'), await attempt(base, '10.0.0.2')]).toEqual([400, 400]);
    expect(await attempt(base, '10.0.0.1')).toBe(429);
    const strict = await listen({ settings, trustedProxies: '192.0.2.1' });
    expect([await attempt(strict.base, '10.0.0.1'), await attempt(strict.base, '10.0.0.2')]).toEqual([
      400, 429,
    ]);
  });

  it('names what a store lacks, a second store and a proxy that is no address, before anything is opened', async () => {
    const { rotateRefresh, ...rest } = await ownUsers();
    expect(rotateRefresh).toBeTypeOf('function');
    await expect(
      openAuthApi({
        store: rest as AuthStore,
        settings: { store: 'users.sqlite' },
        trustedProxies: 'nobody',
      }),
    ).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      details: [
        'store.rotateRefresh: missing method',
        'auth.store: expected none beside a store of your own',
        'trustedProxies: invalid IP address: nobody',
      ],
    });
  });
});
