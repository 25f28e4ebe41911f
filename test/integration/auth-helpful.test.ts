import { describe, expect, it } from 'vitest';
import { login, PASSWORD, registerAndLogin, startAuth } from '../helpers/auth-api.ts';
import { claimsFor, mint } from '../helpers/auth-tokens.ts';

/** A cookie that the browser kept from last week. */
const STALE = mint(claimsFor('access', { exp: Math.floor(Date.now() / 1000) - 60 }));

describe('the default mode', () => {
  it('lets a stale access cookie block neither login nor logout, registration or reset', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const cookie = `jwt-access-token=${STALE}`;
    const answers = await Promise.all([
      client.post('/auth/login/', { username: 'ann', password: PASSWORD }, { cookie }),
      client.post('/auth/logout/', {}, { cookie }),
      client.post('/auth/password/reset/', { email: 'ann@example.org' }, { cookie }),
      client.post('/auth/registration/resend-email/', { email: 'ann@example.org' }, { cookie }),
      client.post(
        '/auth/registration/',
        { username: 'bob', password1: PASSWORD, password2: PASSWORD },
        { cookie },
      ),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 201]);
    expect((await client.get('/auth/user/', { cookie })).status).toBe(401);
    expect(api.unexpected).toEqual([]);
  });

  it('answers a stale cookie everywhere with 401 in strict mode', async () => {
    const api = await startAuth({ compat: 'strict' });
    const client = api.client();
    const cookie = `jwt-access-token=${STALE}`;
    const answer = await client.post('/auth/login/', { username: 'ann', password: PASSWORD }, { cookie });
    expect(answer.status).toBe(401);
    expect((await client.post('/auth/logout/', {}, { cookie })).status).toBe(401);
  });

  it('finds the good one of two access cookies, in either order', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const good = client.jar.get('jwt-access-token') ?? '';
    for (const values of [
      [good, STALE],
      [STALE, good],
      ['garbage', good],
    ]) {
      const cookie = values.map((value) => `jwt-access-token=${value}`).join('; ');
      expect((await client.get('/auth/user/', { cookie })).status).toBe(200);
    }
  });

  it('finds the good one of two refresh cookies', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const good = client.jar.get('jwt-refresh-token') ?? '';
    const cookie = `jwt-refresh-token=${good}; jwt-refresh-token=garbage`;
    expect((await client.post('/auth/token/refresh/', {}, { cookie })).status).toBe(200);
  });

  it('takes an empty refresh token in the body for none, and uses the cookie', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    for (const refresh of ['', null]) {
      expect((await client.post('/auth/token/refresh/', { refresh })).status).toBe(200);
    }
    expect((await client.post('/auth/token/refresh/', { refresh: 'garbage' })).status).toBe(401);
  });

  it('lets users keep their own name', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const answer = await client.request('PUT', '/auth/user/', {
      json: { username: 'Ann', first_name: 'Ann' },
    });
    expect(answer.body).toMatchObject({ username: 'Ann', first_name: 'Ann' });
  });

  it('takes POST /registration without its slash', async () => {
    const api = await startAuth();
    const answer = await api
      .client()
      .post('/auth/registration', { username: 'ann', password1: PASSWORD, password2: PASSWORD });
    expect(answer.status).toBe(201);
  });
});

describe('logout in the default mode', () => {
  it('always succeeds and deletes both cookies', async () => {
    const api = await startAuth();
    const client = api.client();
    for (const cookie of ['', 'jwt-refresh-token=garbage', 'jwt-access-token=garbage']) {
      const answer = await client.post('/auth/logout/', {}, { cookie });
      expect(answer.status).toBe(200);
      expect([...answer.setCookies.keys()]).toEqual(['jwt-access-token', 'jwt-refresh-token']);
    }
  });

  it('ends the whole session, whichever of its refresh tokens is presented', async () => {
    const api = await startAuth({ tokens: { reuse: 'strict' } });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const first = client.jar.get('jwt-refresh-token') ?? '';
    await client.post('/auth/token/refresh/');
    const second = client.jar.get('jwt-refresh-token') ?? '';
    await client.post('/auth/logout/', {}, { cookie: `jwt-refresh-token=${first}` });
    const answer = await client.post('/auth/token/refresh/', { refresh: second });
    expect(answer.body).toEqual({ detail: 'Token is blacklisted', code: 'token_not_valid' });
  });

  it('leaves the other sessions of the user alone', async () => {
    const api = await startAuth();
    const [laptop, phone] = [api.client(), api.client()];
    await registerAndLogin(laptop, 'ann');
    await login(phone, 'ann');
    await laptop.post('/auth/logout/');
    expect((await phone.post('/auth/token/refresh/')).status).toBe(200);
  });
});

describe('a reply', () => {
  it('has no access for a user who was switched off or removed', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const user = await api.store.userByUsername('ann');
    await api.store.changeUser(user?.id ?? 0, { isActive: false });
    expect((await client.get('/auth/user/')).body).toEqual({
      detail: 'User is inactive',
      code: 'user_inactive',
    });
    await api.store.removeUser(user?.id ?? 0);
    expect((await client.get('/auth/user/')).body).toEqual({
      detail: 'User not found',
      code: 'user_not_found',
    });
    const refresh = await client.post('/auth/token/refresh/');
    expect(refresh.status).toBe(401);
    expect(refresh.body).toEqual({ detail: 'No active account found for the given token.' });
  });

  it('to a browser without Accept for JSON is a page that shows the same', async () => {
    const api = await startAuth();
    const answer = await api.client().get('/auth/user/', { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(401);
    expect(answer.body).toContain('Authentication credentials were not provided.');
  });

  it('is a plain 500 where something unexpected happens, and the cause goes to the log only', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    await api.close();
    const answer = await client.get('/auth/user/');
    expect([answer.status, answer.body]).toEqual([500, expect.not.stringMatching(/sql|database/i) as string]);
    expect(api.unexpected).toHaveLength(1);
  });
});
