import { createPublicKey, type JsonWebKey } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { FRONTEND, login, PASSWORD, registerAndLogin, SECRET, startAuth } from '../helpers/auth-api.ts';
import { claimsFor, mint } from '../helpers/auth-tokens.ts';
import { tempDir } from '../helpers/temp-dir.ts';

describe('the algorithm', () => {
  it.each(['RS256', 'ES256'] as const)(
    '%s signs with a key whose public half is published',
    async (algorithm) => {
      const stateDir = await tempDir();
      const api = await startAuth({ tokens: { algorithm, secretEnv: null } }, { stateDir });
      const client = api.client();
      await registerAndLogin(client, 'ann');
      const { keys } = (await client.get('/.well-known/jwks.json')).body as { keys: JsonWebKey[] };
      const token = client.jar.get('jwt-access-token') ?? '';
      expect(jsonwebtoken.decode(token, { complete: true })?.header).toMatchObject({
        alg: algorithm,
        typ: 'JWT',
      });
      const key = createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' });
      expect(jsonwebtoken.verify(token, key, { algorithms: [algorithm] })).toMatchObject({ user_id: '1' });
      expect(keys[0]).not.toHaveProperty('d');
      const confused = mint(claimsFor('access'), { key: key.export({ format: 'pem', type: 'spki' }) });
      expect((await client.get('/auth/user/', { cookie: `jwt-access-token=${confused}` })).status).toBe(401);
    },
  );

  it('HS256 signs with the secret of the environment, and publishes nothing', async () => {
    const api = await startAuth();
    const client = api.client();
    await registerAndLogin(client, 'ann');
    expect(jsonwebtoken.verify(client.jar.get('jwt-access-token') ?? '', SECRET)).toMatchObject({
      user_id: '1',
    });
    expect((await client.get('/.well-known/jwks.json')).status).toBe(404);
  });
});

describe('CSRF by double submit', () => {
  it('asks unsafe requests with the access cookie for the token, and a stale cookie does not block the login', async () => {
    const api = await startAuth({ csrf: true });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const token = client.jar.get('csrftoken') ?? '';
    const change = (headers: Record<string, string>) =>
      client.request('PATCH', '/auth/user/', {
        json: { first_name: 'Ann' },
        headers: { origin: FRONTEND, ...headers },
      });
    expect((await change({})).body).toEqual({ detail: 'CSRF Failed: CSRF token missing.' });
    expect((await change({ 'x-csrftoken': token, origin: 'https://evil.example' })).status).toBe(403);
    expect((await change({ 'x-csrftoken': token })).status).toBe(200);
    expect((await client.get('/auth/user/')).status).toBe(200);
    const bearer = { authorization: `Bearer ${client.jar.get('jwt-access-token')}` };
    expect(
      (await client.request('PATCH', '/auth/user/', { json: {}, headers: bearer, cookie: '' })).status,
    ).toBe(200);
    const again = { username: 'ann', password: PASSWORD };
    expect((await client.post('/auth/login/', again, { cookie: 'jwt-access-token=garbage' })).status).toBe(
      200,
    );
  });

  it('has a cookie that the page of the frontend can read', async () => {
    const api = await startAuth({ csrf: true });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const answer = await client.post(
      '/auth/login/',
      { username: 'ann', password: PASSWORD },
      { cookie: '', headers: { 'x-forwarded-host': 'api.example.com' } },
    );
    const [cookie = ''] = answer.setCookies.get('csrftoken') ?? [];
    expect(cookie).toContain('; Domain=example.com;');
    expect(cookie).not.toContain('HttpOnly');
  });
});

describe('extra user fields', () => {
  const userFields = [
    { name: 'plan', writable: false, claim: true },
    { name: 'theme', writable: true, claim: false },
  ];
  const users = [
    {
      id: 7,
      username: 'ann',
      email: 'ann@example.org',
      password: 'ann',
      firstName: '',
      lastName: '',
      isActive: true,
      extra: { plan: 'pro' },
    },
  ];

  it('stand in bodies and, where wanted, in the tokens; only writable ones can be written', async () => {
    const api = await startAuth({ userFields, users });
    const client = api.client();
    const answer = await login(client, 'ann', 'ann');
    expect(answer.body).toMatchObject({ user: { pk: 7, plan: 'pro', theme: null } });
    expect(jsonwebtoken.decode(client.jar.get('jwt-access-token') ?? '')).toMatchObject({
      plan: 'pro',
      user_id: '7',
    });
    const changed = await client.request('PATCH', '/auth/user/', { json: { plan: 'free', theme: 'dark' } });
    expect(changed.body).toMatchObject({ plan: 'pro', theme: 'dark' });
    await client.post('/auth/token/refresh/');
    expect(jsonwebtoken.decode(client.jar.get('jwt-access-token') ?? '')).toMatchObject({ plan: 'pro' });
  });
});

describe('the password change', () => {
  it('asks for the old password where it should', async () => {
    const api = await startAuth({ askOldPassword: true });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const body = { new_password1: 'An0ther-gre4t:passphrase', new_password2: 'An0ther-gre4t:passphrase' };
    expect((await client.post('/auth/password/change/', body)).body).toEqual({
      old_password: ['This field is required.'],
    });
    expect((await client.post('/auth/password/change/', { ...body, old_password: 'x' })).body).toEqual({
      old_password: ['Your old password was entered incorrectly. Please enter it again.'],
    });
    expect((await client.post('/auth/password/change/', { ...body, old_password: PASSWORD })).status).toBe(
      200,
    );
  });
});

describe('cookies with other scopes', () => {
  it('are deleted in every scope in which this environment ever set them', async () => {
    const store = `${await tempDir()}/auth.sqlite`;
    const before = await startAuth({ store, cookies: { domain: 'example.com', refreshPath: '/auth/' } });
    await registerAndLogin(before.client(), 'ann');
    const after = await startAuth({ store });
    const answer = await after.client().post('/auth/logout/');
    expect(answer.headers.getSetCookie().map((line) => line.replace(/expires=[^;]*; /, ''))).toEqual([
      'jwt-access-token=""; Domain=example.com; Max-Age=0; Path=/; SameSite=Lax',
      'jwt-refresh-token=""; Domain=example.com; Max-Age=0; Path=/auth/; SameSite=Lax',
      'jwt-access-token=""; Max-Age=0; Path=/; SameSite=Lax',
      'jwt-refresh-token=""; Max-Age=0; Path=/; SameSite=Lax',
    ]);
  });
});

describe('the base path', () => {
  it('may be any, also the root', async () => {
    const root = await startAuth({ basePath: '/' });
    expect((await root.client().post('/login/')).status).toBe(400);
    const deep = await startAuth({ basePath: '/api/v1/auth/' });
    expect((await deep.client().post('/api/v1/auth/login')).status).toBe(400);
    expect((await deep.client().post('/auth/login/')).status).toBe(404);
  });
});

describe('login', () => {
  it('is by name only, or by address only, where the configuration says so', async () => {
    const byName = await startAuth({ loginBy: ['username'] });
    const client = byName.client();
    await registerAndLogin(client, 'ann');
    expect(
      (await client.post('/auth/login/', { email: 'ann@example.org', password: PASSWORD })).body,
    ).toEqual({
      non_field_errors: ['Must include "username" and "password".'],
    });
    const byEmail = await startAuth({ loginBy: ['email'] });
    expect(
      (await byEmail.client().post('/auth/login/', { username: 'ann', password: PASSWORD })).body,
    ).toEqual({
      non_field_errors: ['Must include "email" and "password".'],
    });
  });
});
