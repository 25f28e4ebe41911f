import { describe, expect, it } from 'vitest';
import { PASSWORD, registerAndLogin, startAuth } from '../helpers/auth-api.ts';

const LIMIT = { perAccount: 3, perAddress: 6, windowSeconds: 60 };

describe('failed logins', () => {
  it('end in 429 with Retry-After, for the right password too, until the window is over', async () => {
    const time = { now: Date.now() };
    const api = await startAuth({ loginLimit: LIMIT }, { now: () => new Date(time.now) });
    const client = api.client();
    await registerAndLogin(client, 'ann');
    const wrong = { username: 'Ann', password: 'wrong' };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await client.post('/auth/login/', wrong)).status).toBe(400);
    }
    const refused = await client.post('/auth/login/', { username: 'ann', password: PASSWORD });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.body).toEqual({ detail: 'Request was throttled. Expected available in 60 seconds.' });
    time.now += 60_000;
    expect((await client.post('/auth/login/', { username: 'ann', password: PASSWORD })).status).toBe(200);
  });

  it('of many accounts stop the address', async () => {
    const api = await startAuth({ loginLimit: LIMIT });
    const client = api.client();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      statuses.push((await client.post('/auth/login/', { username: `u${attempt}`, password: 'x' })).status);
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 429]);
  });

  it('are not counted in strict mode', async () => {
    const api = await startAuth({ loginLimit: LIMIT, compat: 'strict' });
    const client = api.client();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await client.post('/auth/login/', { username: 'ann', password: 'x' })).status).toBe(400);
    }
  });
});

describe('a body', () => {
  const large = JSON.stringify({ username: 'x'.repeat(2_700_000), password: 'x' });
  const headers = { 'content-type': 'application/json' };

  it('beyond the limit is 413, announced or not', async () => {
    const api = await startAuth();
    const client = api.client();
    expect((await client.request('POST', '/auth/login/', { raw: large, headers })).status).toBe(413);
    const chunked = await fetch(`${api.base}/auth/login/`, {
      method: 'POST',
      headers,
      body: new Blob([large]).stream(),
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
    expect((await client.get('/auth/user/')).status).toBe(401);
  });

  it('beyond the limit is the plain 400 of Django in strict mode', async () => {
    const api = await startAuth({ compat: 'strict' });
    const answer = await api.client().request('POST', '/auth/login/', { raw: large, headers });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  });

  it('with too many form fields is refused', async () => {
    const api = await startAuth();
    const raw = 'a=1&'.repeat(1001);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await api.client().request('POST', '/auth/login/', { raw, headers: form })).status).toBe(413);
  });

  it('may come in chunks, without a length', async () => {
    const api = await startAuth();
    await registerAndLogin(api.client(), 'ann');
    const response = await fetch(`${api.base}/auth/login/`, {
      method: 'POST',
      headers,
      body: new Blob([JSON.stringify({ username: 'ann', password: PASSWORD })]).stream(),
      duplex: 'half',
    });
    expect(response.status).toBe(200);
  });
});
