import { describe, expect, it } from 'vitest';
import type { ReusePolicy } from '../../src/config/types.ts';
import { type Answer, type Client, registerAndLogin, startAuth, type TestApi } from '../helpers/auth-api.ts';
import { claimsFor, mint } from '../helpers/auth-tokens.ts';

/** More rounds on a machine of one's own: AUTH_REFRESH_ROUNDS=1000. */
const ROUNDS = Number(process.env['AUTH_REFRESH_ROUNDS'] ?? 40);
const PARALLEL = 20;

function refreshTokenOf(answer: Answer): string | undefined {
  return /^[^=]*=([^;]*)/.exec(answer.setCookies.get('jwt-refresh-token')?.[0] ?? '')?.[1];
}

/** One cookie, refreshed by so many tabs at once. */
async function refreshAtOnce(client: Client): Promise<readonly Answer[]> {
  const cookie = `jwt-refresh-token=${client.jar.get('jwt-refresh-token')}`;
  return Promise.all(
    Array.from({ length: PARALLEL }, () => client.post('/auth/token/refresh/', {}, { cookie })),
  );
}

async function start(
  reuse: ReusePolicy,
  now?: () => Date,
): Promise<{ readonly api: TestApi; readonly client: Client }> {
  const api = await startAuth({ tokens: { reuse } }, now === undefined ? {} : { now });
  const client = api.client();
  await registerAndLogin(client, 'ann');
  return { api, client };
}

describe(`${PARALLEL} refreshes of one cookie at once`, () => {
  it('have exactly one winner with policy strict', async () => {
    const { client, api } = await start('strict');
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await refreshAtOnce(client);
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(PARALLEL - 1);
      client.jar.set('jwt-refresh-token', refreshTokenOf(winners[0] as Answer) ?? '');
    }
    expect(api.unexpected).toEqual([]);
  });

  it('all stay logged in with policy grace, with one and the same next token', async () => {
    const { client, api } = await start('grace');
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await refreshAtOnce(client);
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      const next = new Set(answers.map(refreshTokenOf));
      expect(next.size).toBe(1);
      client.jar.set('jwt-refresh-token', [...next][0] ?? '');
    }
    expect(api.unexpected).toEqual([]);
  });

  it('revoke the family with policy revoke-family', async () => {
    const { client } = await start('revoke-family');
    const answers = await refreshAtOnce(client);
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    const next = await client.post('/auth/token/refresh/', { refresh: refreshTokenOf(winners[0] as Answer) });
    expect(next.body).toEqual({ detail: 'Token is blacklisted', code: 'token_not_valid' });
  });
});

describe('the grace time', () => {
  it('leads a latecomer to the newest token of the family, never to a fork', async () => {
    const time = { now: Date.now() };
    const { client } = await start('grace', () => new Date(time.now));
    const first = client.jar.get('jwt-refresh-token');
    await client.post('/auth/token/refresh/');
    await client.post('/auth/token/refresh/');
    const head = client.jar.get('jwt-refresh-token');
    const late = await client.post('/auth/token/refresh/', { refresh: first });
    expect(refreshTokenOf(late)).toBe(head);
  });

  it('ends, and then the old token is refused', async () => {
    const time = { now: Date.now() };
    const { client } = await start('grace', () => new Date(time.now));
    const first = client.jar.get('jwt-refresh-token');
    await client.post('/auth/token/refresh/');
    time.now += 10_000;
    const late = await client.post('/auth/token/refresh/', { refresh: first });
    expect(late.body).toEqual({ detail: 'Token is blacklisted', code: 'token_not_valid' });
    expect((await client.post('/auth/token/verify/', { token: first })).status).toBe(400);
    expect((await client.post('/auth/token/refresh/')).status).toBe(200);
  });

  it('does not outlive a logout', async () => {
    const { client } = await start('grace');
    const first = client.jar.get('jwt-refresh-token');
    await client.post('/auth/token/refresh/');
    await client.post('/auth/logout/');
    expect((await client.post('/auth/token/refresh/', { refresh: first })).status).toBe(401);
  });
});

describe('refreshing', () => {
  it('answers the same refresh cookie for ever where rotation is off', async () => {
    const api = await startAuth({ tokens: { rotate: false } });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const before = client.jar.get('jwt-refresh-token');
    const answer = await client.post('/auth/token/refresh/');
    expect([...answer.setCookies.keys()]).toEqual(['jwt-access-token']);
    expect((await client.post('/auth/token/refresh/', { refresh: before })).status).toBe(200);
  });

  it('gives the refresh token in the body where the cookies are not HttpOnly', async () => {
    const api = await startAuth({ cookies: { httpOnly: false } });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const answer = await client.post('/auth/token/refresh/');
    expect(Object.keys(answer.body as object)).toEqual([
      'access',
      'access_expiration',
      'refresh',
      'refresh_expiration',
    ]);
  });

  it('takes a token that was minted elsewhere with the same key into a family of its own', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const refresh = mint(claimsFor('refresh', { plan: 'pro' }));
    const answer = await client.post('/auth/token/refresh/', { refresh }, { cookie: '' });
    expect(answer.status).toBe(200);
    await client.post('/auth/logout/', {}, { cookie: `jwt-refresh-token=${refresh}` });
    expect((await client.post('/auth/token/refresh/', { refresh })).status).toBe(401);
  });
});
