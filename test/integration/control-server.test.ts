import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { askControl, askHealth } from '../../src/control/client.ts';
import type { InstanceFacts } from '../../src/control/types.ts';
import { type EnvironmentControlDeps, openEnvironmentControl } from '../../src/environment/control.ts';
import { configOf } from '../helpers/doctor-facts.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';

const SECRET = 'only-for-the-owner';
const ports = {
  platform: 'linux',
  run: () => Promise.reject(new Error('no command is run here')),
  procRoot: '/proc',
} as const;

async function control(changes: Partial<EnvironmentControlDeps> = {}) {
  const errors: unknown[] = [];
  const server = await openEnvironmentControl({
    secret: SECRET,
    facts: {} as InstanceFacts,
    health: async () => ({ ok: true, checks: [] }),
    stop: () => undefined,
    store: null,
    inspector: null,
    auth: configOf().auth,
    now: () => new Date(),
    watch: { findings: async () => ({ findings: [], skipped: 0 }), clear: async () => undefined },
    ports,
    onError: (error) => errors.push(error),
    ...changes,
  });
  onTestFinished(() => server.close());
  const record = { secret: SECRET, facts: { control: server.url } as InstanceFacts };
  return { ...server, record, errors };
}

interface RawAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function raw(url: string, options: http.RequestOptions = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.once('error', reject).end();
  });
}

const bearer = { authorization: `Bearer ${SECRET}` };

test('whether it is healthy is told to anybody on this machine, and nothing else is', async () => {
  const { url } = await control({
    health: async () => ({ ok: false, checks: [{ name: 'tls example.com', ok: false, detail: 'expired' }] }),
  });
  expect(await raw(`${url}/health`)).toMatchObject({ status: 503 });
  for (const path of ['/status', '/outbox', '/nothing', '//health', '/health/']) {
    expect(await raw(url + path)).toMatchObject({ status: 401 });
  }
  for (const authorization of ['', 'Bearer', 'Bearer x', `Basic ${SECRET}`, `Bearer ${SECRET}x`]) {
    expect(await raw(`${url}/status`, { headers: { authorization } })).toMatchObject({ status: 401 });
  }
  expect(await raw(`${url}/status`, { headers: bearer })).toMatchObject({ status: 200 });
});

test('a host name that was bound to loopback by somebody else is refused, with the secret too', async () => {
  const { url } = await control();
  const { port } = new URL(url);
  for (const host of [
    `attacker.example:${port}`,
    '127.0.0.1',
    `127.0.0.1.nip.io:${port}`,
    `localhost.:${port}`,
  ]) {
    expect(await raw(`${url}/health`, { headers: { ...bearer, host } })).toMatchObject({ status: 403 });
  }
  for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`]) {
    expect(await raw(`${url}/health`, { headers: { host } })).toMatchObject({ status: 200 });
  }
});

test('nothing is granted to pages of other origins', async () => {
  const { url } = await control();
  const preflight = await raw(`${url}/stop`, {
    method: 'OPTIONS',
    headers: { origin: 'https://attacker.example', 'access-control-request-method': 'POST' },
  });
  const answer = await raw(`${url}/health`, { headers: { origin: 'https://attacker.example' } });
  expect([preflight.status, answer.status]).toEqual([403, 403]);
  for (const { headers } of [preflight, answer]) {
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test('a method that a path does not know is 405 with those that it knows', async () => {
  const { url } = await control();
  const answer = await raw(`${url}/outbox`, { method: 'PUT', headers: bearer });
  expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, DELETE']);
});

test('it is asked to stop once, by whoever knows the secret, and answers first', async () => {
  let stops = 0;
  const { url, record } = await control({ stop: () => (stops += 1) });
  expect(await raw(`${url}/stop`, { method: 'POST' })).toMatchObject({ status: 401 });
  const reply = await askControl(record, { method: 'POST', path: '/stop', timeoutMs: 1_000 });
  expect(reply).toEqual({ status: 202, body: { stopping: true } });
  await expect.poll(() => stops).toBe(1);
});

test('a fault of a part is a 500 and not the end of the server', async () => {
  const { record, errors } = await control({ health: () => Promise.reject(new Error('no CA file')) });
  expect(await askControl(record, { method: 'GET', path: '/health', timeoutMs: 1_000 })).toMatchObject({
    status: 500,
    body: { error: { message: 'no CA file' } },
  });
  expect(errors).toHaveLength(1);
  expect(await askHealth(record)).toBeUndefined();
  expect(await askControl(record, { method: 'GET', path: '/status', timeoutMs: 1_000 })).toMatchObject({
    status: 200,
  });
});

test('an environment that does not answer is told apart from one that says no', async () => {
  const { record, close } = await control();
  await close();
  expect(await askControl(record, { method: 'GET', path: '/health', timeoutMs: 1_000 })).toBeUndefined();
  const silent = http.createServer(() => undefined);
  const port = await listenOn(silent);
  onTestFinished(() => silent.closeAllConnections());
  onTestFinished(() => void silent.close());
  const facts = { control: `http://127.0.0.1:${port}` } as InstanceFacts;
  expect(
    await askControl({ secret: SECRET, facts }, { method: 'GET', path: '/health', timeoutMs: 50 }),
  ).toBeUndefined();
  expect(
    await askControl({ secret: SECRET, facts: null }, { method: 'GET', path: '/', timeoutMs: 50 }),
  ).toBeUndefined();
});

const mail = {
  id: 1,
  type: 'reset-password',
  to: 'ann@example.com',
  subject: 's',
  body: 'b',
  parts: {},
  sentAt: 0,
} as const;

test('the outbox waits for a mail, filters, gives the last one and is emptied', async () => {
  const mails: (typeof mail)[] = [];
  const asked: unknown[] = [];
  const store = {
    listMail: async (filter: unknown) => {
      asked.push(filter);
      return mails;
    },
    clearMail: async () => void mails.splice(0),
    listUsers: async () => [],
  };
  const { record } = await control({ store });
  const ask = (path: string, method: 'GET' | 'DELETE' = 'GET') =>
    askControl(record, { method, path, timeoutMs: 5_000 });
  const waiting = ask('/outbox?to=ann%40example.com&type=reset-password&wait=5s&last=1');
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  mails.push(mail, { ...mail });
  expect(await waiting).toMatchObject({
    status: 200,
    body: [{ to: 'ann@example.com', sentAt: '1970-01-01T00:00:00.000Z' }],
  });
  expect(asked[0]).toEqual({ to: 'ann@example.com', type: 'reset-password' });
  expect(await ask('/outbox?wait=soon')).toMatchObject({
    status: 400,
    body: { error: { code: 'ERR_USAGE' } },
  });
  expect(await ask('/outbox?type=spam')).toMatchObject({ status: 400 });
  expect(await ask('/outbox', 'DELETE')).toMatchObject({ status: 200 });
  expect(await ask('/outbox')).toMatchObject({ body: [] });
});

test('whoever waits for a mail and leaves costs nothing more', async () => {
  let asked = 0;
  const store = {
    listMail: async () => {
      asked += 1;
      return [];
    },
    clearMail: async () => undefined,
    listUsers: async () => [],
  };
  const { url, errors } = await control({ store });
  const request = http.request(`${url}/outbox?wait=60s`, { headers: bearer });
  request.on('error', () => undefined).end();
  await expect.poll(() => asked).toBeGreaterThan(0);
  request.destroy();
  await expect
    .poll(async () => {
      const before = asked;
      await sleep(250);
      return asked - before;
    })
    .toBe(0);
  expect(errors).toEqual([]);
});

test('with a backend of the user there is no outbox, which is said', async () => {
  const { record } = await control();
  expect(await askControl(record, { method: 'GET', path: '/outbox', timeoutMs: 1_000 })).toMatchObject({
    status: 404,
    body: { error: { code: 'ERR_NO_OUTBOX' } },
  });
});
