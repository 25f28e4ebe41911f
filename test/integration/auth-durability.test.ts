import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/auth/store/open-store.ts';
import { authConfig, createClient, PASSWORD } from '../helpers/auth-api.ts';
import { type AuthChild, buildForChildren, startAuthChild } from '../helpers/auth-child.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** More on a machine of one's own: AUTH_KILLS=200. */
const KILLS = Number(process.env['AUTH_KILLS'] ?? 8);
const WORKERS = 6;

interface Acknowledged {
  readonly users: string[];
  /** The jti of every refresh token whose rotation or logout was answered. */
  readonly spent: string[];
}

function jtiOf(token: string): string {
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    jti: string;
  };
  return payload.jti;
}

/** Registers, refreshes and logs out until the server is gone; notes only what was answered. */
async function work(base: string, name: string, acknowledged: Acknowledged): Promise<void> {
  for (let number = 0; ; number += 1) {
    const client = createClient(base);
    const username = `${name}-${number}`;
    const account = { username, password1: PASSWORD, password2: PASSWORD };
    const registered = await client.post('/auth/registration/', account);
    expect(registered.status).toBe(201);
    acknowledged.users.push(username);
    const { refresh } = registered.body as { refresh: string };
    const refreshed = await client.post('/auth/token/refresh/', { refresh });
    expect(refreshed.status).toBe(200);
    acknowledged.spent.push(jtiOf(refresh));
    const next = client.jar.get('jwt-refresh-token') ?? '';
    expect((await client.post('/auth/logout/')).status).toBe(200);
    acknowledged.spent.push(jtiOf(next));
  }
}

/** fetch's error for a connection that broke; an assertion that failed is none. */
function isConnectionLoss(error: unknown): boolean {
  return error instanceof TypeError;
}

describe('kill -9', () => {
  let build: Awaited<ReturnType<typeof buildForChildren>>;
  beforeAll(async () => {
    build = await buildForChildren();
  });
  afterAll(() => build.remove());

  it(
    `${KILLS} times in the middle of it loses no acknowledged user and forgets no spent token`,
    async () => {
      const store = path.join(await tempDir(), 'auth.sqlite');
      const config = authConfig({ store, compat: 'helpful', tokens: { reuse: 'strict' } });
      const acknowledged: Acknowledged = { users: [], spent: [] };
      for (let round = 0; round < KILLS; round += 1) {
        const child: AuthChild = await startAuthChild(build.dist, config);
        onTestFinished(() => child.kill());
        const workers = Array.from({ length: WORKERS }, (_, index) =>
          work(child.base, `r${round}-w${index}`, acknowledged).catch((error: unknown) => {
            if (!isConnectionLoss(error)) throw error;
          }),
        );
        // Some moment in the middle of the work, another one in every round.
        await delay(100 + ((round * 37) % 150));
        await child.kill();
        await Promise.all(workers);
      }
      expect(acknowledged.users.length).toBeGreaterThan(KILLS);

      const after = await openStore(store, null);
      onTestFinished(() => after.close());
      const names = new Set((await after.listUsers()).map(({ username }) => username));
      expect(acknowledged.users.filter((username) => !names.has(username))).toEqual([]);
      const forgotten: string[] = [];
      for (const jti of acknowledged.spent) {
        if (!(await after.isRefreshDenied(jti, Date.now(), 0))) forgotten.push(jti);
      }
      expect(forgotten).toEqual([]);

      const child = await startAuthChild(build.dist, config);
      onTestFinished(() => child.kill());
      const client = createClient(child.base);
      for (const username of acknowledged.users) {
        expect((await client.post('/auth/login/', { username, password: PASSWORD })).status).toBe(200);
      }
    },
    60_000 + KILLS * 5000,
  );
});
