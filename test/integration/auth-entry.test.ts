import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AuthSettings, type OpenAuthApiOptions, openAuthApi } from '../../src/auth/entry.ts';
import { createClient } from '../helpers/auth-api.ts';
import { tempDir } from '../helpers/temp-dir.ts';

async function mount(options: OpenAuthApiOptions): Promise<string> {
  const auth = await openAuthApi(options);
  const own = express();
  own.get('/hello', (_request, response) => void response.send('hello'));
  own.use('/api', auth.app);
  own.use(auth.app);
  own.get('/later', (_request, response) => void response.send('later'));
  const server = createServer(own);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.close().closeAllConnections();
    await auth.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('jwt-dev/auth', () => {
  it('is mounted in a server of one’s own, with the users that it names and no others', async () => {
    const base = await mount({ settings: { users: [{ username: 'ann', password: 'ann' }] } });
    const client = createClient(base);
    expect((await client.get('/hello')).body).toBe('hello');
    // Mounted at the root too, it leaves every path but its own to whoever comes after it.
    expect((await client.get('/later')).body).toBe('later');
    expect((await client.get('/auth/none/')).status).toBe(404);
    const answer = await client.post('/api/auth/login/', { username: 'ann', password: 'ann' });
    expect(answer.body).toMatchObject({ user: { pk: 1, username: 'ann' } });
    const origin = await client.get('/api/auth/user/', { headers: { origin: 'https://example.com' } });
    expect(origin.headers.get('access-control-allow-origin')).toBe('https://example.com');
  });

  it('has no user at the start whose password everybody knows', async () => {
    const client = createClient(await mount({}));
    const answer = await client.post('/api/auth/login/', { username: 'alice', password: 'alice' });
    expect(answer.status).toBe(400);
  });

  it('takes the settings of the configuration file, and keeps key and store where it is told', async () => {
    const stateDir = await tempDir();
    const settings = {
      store: 'users.sqlite',
      users: [{ id: 5, username: 'ann', password: 'ann' }],
      tokens: { accessSeconds: 60 },
    };
    const first = createClient(await mount({ settings, stateDir }));
    await first.post('/api/auth/login/', { username: 'ann', password: 'ann' });
    const second = createClient(await mount({ settings, stateDir }));
    const cookie = `jwt-access-token=${first.jar.get('jwt-access-token')}`;
    expect((await second.get('/api/auth/user/', { cookie })).body).toMatchObject({ pk: 5 });
  });

  it('names all mistakes in the settings', async () => {
    const settings = JSON.parse('{"tokens":{"accessSeconds":0},"users":5}') as AuthSettings;
    await expect(openAuthApi({ settings })).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      details: [expect.stringContaining('auth.tokens.accessSeconds'), expect.stringContaining('auth.users')],
    });
  });
});
