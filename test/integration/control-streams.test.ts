import { once } from 'node:events';
import http from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ControlRoute } from '../../src/control/route.ts';
import { type ControlLimits, openControlServer } from '../../src/control/server.ts';
import { connectTo, raw, readToEnd } from '../helpers/control-requests.ts';

const SECRET = 'only-for-the-owner';
const bearer = { authorization: `Bearer ${SECRET}` };
const json = { ...bearer, 'content-type': 'application/json' };
const ports = {
  platform: 'linux',
  run: () => Promise.reject(new Error('no command is run here')),
  procRoot: '/proc',
} as const;
const MIB = 1024 * 1024;
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 20 });

async function open(routes: readonly ControlRoute[], limits: Partial<ControlLimits> = {}) {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const server = await openControlServer({ secret: SECRET, routes, ports, onError, limits });
  onTestFinished(() => server.close());
  return { ...server, errors };
}

/** A stream whose events a test sends, and who listens to it. */
function stream() {
  const listeners = new Set<(data: unknown) => void>();
  const started: string[] = [];
  const route: ControlRoute = {
    method: 'GET',
    path: '/events',
    answer: ({ query }) => ({
      events: (send) => {
        started.push(query.toString());
        listeners.add(send);
        return () => void listeners.delete(send);
      },
    }),
  };
  const emit = (data: unknown): void => {
    for (const send of listeners) send(data);
  };
  return { route, listeners, started, emit };
}

async function listenTo(url: string) {
  const leave = new AbortController();
  const response = await fetch(`${url}/events`, { headers: bearer, signal: leave.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
  })();
  const ended = reading.then(
    () => 'ended',
    () => 'ended',
  );
  return { response, text: () => text, leave: () => leave.abort(), ended };
}

test('events come as they happen, with a comment in between, until the client leaves', async () => {
  const { route, listeners, emit } = stream();
  const { url } = await open([route], { heartbeatMs: 20 });
  const client = await listenTo(url);
  expect(client.response.headers.get('content-type')).toBe('text/event-stream');
  expect(client.response.headers.get('cache-control')).toBe('no-store');
  expect(listeners.size).toBe(1);
  await eventually(() => expect(client.text()).toContain(':\n\n'));
  emit({ says: 'two\nlines' });
  await eventually(() => expect(client.text()).toContain('data: {"says":"two\\nlines"}\n\n'));
  client.leave();
  await client.ended;
  await eventually(() => expect(listeners.size).toBe(0));
});

test('several listen at once, and the server ends them all when it closes', async () => {
  const { route, listeners, emit } = stream();
  const { url, close } = await open([route]);
  const clients = await Promise.all([1, 2, 3].map(() => listenTo(url)));
  emit(1);
  for (const client of clients) await eventually(() => expect(client.text()).toBe('data: 1\n\n'));
  await close();
  for (const client of clients) expect(await client.ended).toBe('ended');
  await eventually(() => expect(listeners.size).toBe(0));
});

test('who only asks for the headers of a stream starts none', async () => {
  const { route, started } = stream();
  const { url } = await open([route]);
  const answer = await raw(`${url}/events?head`, { method: 'HEAD', headers: bearer });
  expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([
    200,
    'text/event-stream',
    '',
  ]);
  expect(started).toEqual([]);
});

test('a client that does not read is cut off, while another one gets all of it', async () => {
  const { route, listeners, emit } = stream();
  const { url, errors } = await open([route]);
  const socket = await connectTo(url);
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(
    `GET /events HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`,
  );
  await eventually(() => expect(listeners.size).toBe(1));
  const reader = await listenTo(url);
  const event = 'x'.repeat(64 * 1024);
  let sent = 0;
  // What the system keeps for a connection is some megabytes.
  while (listeners.size > 1 && sent < 64 * MIB) {
    for (let index = 0; index < 8; index += 1) emit(event);
    sent += 8 * event.length;
    // The one that reads keeps up, however slow the machine is.
    await eventually(() => expect(reader.text().length).toBeGreaterThan(sent));
  }
  expect(listeners.size).toBe(1);
  expect(sent).toBeLessThan(64 * MIB);
  expect(reader.text().replaceAll(/data: |\n/g, '')).toHaveLength(sent + 2 * (sent / event.length));
  expect(errors).toEqual([]);
});

test('a request that never ends is ended, and a stream that lasts is not', async () => {
  const { route, emit } = stream();
  const { url } = await open([route], { requestMs: 200, checkMs: 50 });
  const client = await listenTo(url);
  const slow = await connectTo(url);
  slow.write(`GET /events HTTP/1.1\r\nHost: ${new URL(url).host}\r\nX-Slow: `);
  expect(await readToEnd(slow)).toMatch(/^HTTP\/1\.1 408 /);
  const slowBody = await connectTo(url);
  slowBody.write(
    `POST /nothing HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Length: 100\r\nAuthorization: Bearer ${SECRET}\r\n\r\n{`,
  );
  expect(await readToEnd(slowBody)).toMatch(/^HTTP\/1\.1 404 /);
  emit('still here');
  await eventually(() => expect(client.text()).toContain('still here'));
});

const echo: ControlRoute = {
  method: 'POST',
  path: '/echo',
  answer: async ({ json }) => ({ status: 200, body: await json() }),
};

test('a body is JSON, which the request says', async () => {
  const { url, errors } = await open([echo]);
  const post = (headers: http.OutgoingHttpHeaders, body: string) =>
    raw(`${url}/echo`, { method: 'POST', headers }, body);
  expect(await post(json, '{"a":[1,"ü"]}')).toMatchObject({ status: 200, body: '{"a":[1,"ü"]}\n' });
  const charset = { ...json, 'content-type': 'Application/JSON; charset=utf-8' };
  expect(await post(charset, 'null')).toMatchObject({ status: 200, body: 'null\n' });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json5', '']) {
    expect(await post({ ...json, 'content-type': type }, '{}')).toMatchObject({ status: 415 });
  }
  expect(await post(bearer, '{}')).toMatchObject({ status: 415 });
  for (const text of ['', '{', '{"a":1,}', 'undefined']) {
    const answer = await post(json, text);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'ERR_USAGE' } });
  }
  const notUtf8 = await new Promise<number>((resolve, reject) => {
    const request = http.request(`${url}/echo`, { method: 'POST', headers: json }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', reject).end(Buffer.from([0x22, 0xff, 0x22]));
  });
  expect(notUtf8).toBe(400);
  expect(errors).toEqual([]);
});

test('a body has 64 KiB at most, whether its length is told or not, and the connection goes on', async () => {
  const { url, errors } = await open([echo]);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const text = (length: number): string => `"${'x'.repeat(length - 2)}"`;
  const post = (body: string, headers: http.OutgoingHttpHeaders = {}) =>
    raw(`${url}/echo`, { method: 'POST', headers: { ...json, ...headers }, agent }, body);
  expect((await post(text(65_536))).status).toBe(200);
  const told = await post(text(65_537), { 'content-length': 65_537 });
  expect([told.status, JSON.parse(told.body)]).toMatchObject([413, { error: { code: 'ERR_TOO_LARGE' } }]);
  expect((await post(text(300_000), { 'transfer-encoding': 'chunked' })).status).toBe(413);
  expect((await post('1')).status).toBe(200);
  expect(errors).toEqual([]);
});

test('whoever sends half a body and leaves is no failure', async () => {
  let asked = 0;
  const counted: ControlRoute = {
    ...echo,
    answer: async (request) => {
      asked += 1;
      return echo.answer(request);
    },
  };
  const { url, errors } = await open([counted]);
  const socket = await connectTo(url);
  const head = Object.entries({ ...json, host: new URL(url).host, 'content-length': '100' });
  socket.write(
    `POST /echo HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{"a":`,
  );
  await eventually(() => expect(asked).toBe(1));
  socket.destroy();
  await once(socket, 'close');
  expect((await raw(`${url}/echo`, { method: 'POST', headers: json }, '1')).status).toBe(200);
  expect(errors).toEqual([]);
});

test('a file is asked for again and not sent again, and a document is never kept', async () => {
  const file = (cache: 'never' | 'validate'): ControlRoute => ({
    method: 'GET',
    path: `/${cache}`,
    open: true,
    answer: () => ({
      file: { bytes: Buffer.from('text'), mediaType: 'text/plain', headers: { 'x-own': '1' }, cache },
    }),
  });
  const { url } = await open([file('never'), file('validate')]);
  const first = await raw(`${url}/validate`);
  expect([first.status, first.body, first.headers['x-own']]).toEqual([200, 'text', '1']);
  expect(first.headers['cache-control']).toBe('no-cache');
  const headers = { 'if-none-match': first.headers.etag ?? '' };
  expect(await raw(`${url}/validate`, { headers })).toMatchObject({ status: 304, body: '' });
  const other = { 'if-none-match': '"another"' };
  expect(await raw(`${url}/validate`, { headers: other })).toMatchObject({ status: 200, body: 'text' });
  const document = await raw(`${url}/never`, { headers });
  expect([document.status, document.headers['cache-control'], document.headers.etag]).toEqual([
    200,
    'no-store',
    undefined,
  ]);
  expect(await raw(`${url}/validate`, { method: 'HEAD' })).toMatchObject({
    status: 200,
    body: '',
    headers: { 'content-length': '4' },
  });
});
