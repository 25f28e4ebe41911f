import { randomBytes } from 'node:crypto';
import events from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askHttp1, askHttp2, connectHttp2, sendRaw, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';
import { FRAME, frame, openRawHttp2 } from '../helpers/proxy-frames.ts';

const active = new Set<http.ServerResponse>();
const upstream = http.createServer((request, response) => {
  active.add(response);
  response.on('close', () => active.delete(response));
  if (request.url !== '/hang') response.end('fine');
});
let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await startProxy([portRoute('example.com', await listenOn(upstream))], {
    limits: { handshakeTimeoutMs: 300, connections: 200 },
  });
});
afterAll(async () => {
  await proxy.close();
  upstream.closeAllConnections();
  upstream.close();
});
afterEach(async () => {
  expect((await askHttp1(proxy)).body).toBe('fine');
  expect((await askHttp2(proxy)).body).toBe('fine');
  await until(() => active.size === 0);
});

/** HPACK: GET, https, /, and the authority as a literal. */
const GET_BLOCK = Buffer.concat([Buffer.from([0x82, 0x87, 0x84, 0x41, 11]), Buffer.from('example.com')]);

async function openHttp2(): Promise<TLSSocket> {
  return (await openRawHttp2(proxy)).socket;
}

async function once(socket: TLSSocket, event: 'drain' | 'close'): Promise<void> {
  const stop = new AbortController();
  await Promise.race([
    events.once(socket, event, { signal: stop.signal }).catch(() => undefined),
    events.once(socket, 'close', { signal: stop.signal }).catch(() => undefined),
  ]);
  stop.abort();
}

/** Writes until the proxy has had enough, or to the end. */
async function flood(socket: TLSSocket, part: Buffer, times: number): Promise<void> {
  for (let at = 0; at < times && !socket.destroyed; at += 1) {
    if (!socket.write(part)) await once(socket, 'drain');
  }
}

test('Streams that are opened and reset at once do not bring it down', async () => {
  const socket = await openHttp2();
  socket.resume();
  for (let id = 1; id < 20_000 && !socket.destroyed; id += 2) {
    socket.write(
      Buffer.concat([
        frame(FRAME.headers, 5, id, GET_BLOCK),
        frame(FRAME.rstStream, 0, id, Buffer.from([0, 0, 0, 8])),
      ]),
    );
    if (id % 200 === 1) await nextTurn();
  }
  socket.destroy();
});

test.each([
  [
    'header sections that never end',
    5_000,
    frame(FRAME.continuation, 0, 1, Buffer.alloc(1_000)),
    frame(FRAME.headers, 1, 1, GET_BLOCK),
  ],
  [
    'empty header continuations',
    20_000,
    frame(FRAME.continuation, 0, 1),
    frame(FRAME.headers, 1, 1, GET_BLOCK),
  ],
  ['settings', 50_000, frame(FRAME.settings, 0, 0), Buffer.alloc(0)],
  ['pings', 50_000, frame(FRAME.ping, 0, 0, Buffer.alloc(8)), Buffer.alloc(0)],
] as const)(
  'A flood of %s from a client that reads nothing ends its connection',
  async (_name, times, part, first) => {
    const socket = await openHttp2();
    socket.pause();
    socket.write(first);
    await flood(socket, part, times);
    socket.resume();
    await new Promise((resolve) => {
      if (socket.destroyed) resolve(undefined);
      else socket.once('close', resolve);
      socket.end();
    });
  },
);

test('Bytes that are no HTTP/2 end the connection', async () => {
  for (let round = 0; round < 50; round += 1) {
    const socket = await openHttp2();
    socket.resume();
    socket.end(Buffer.concat([frame(round % 12, round, round % 5, randomBytes(20)), randomBytes(200)]));
    await new Promise((resolve) => socket.once('close', resolve));
  }
});

test('Bytes that are neither TLS nor HTTP end the connection', async () => {
  for (let round = 0; round < 50; round += 1) {
    const port = (round % 2 === 0 ? proxy.httpsPort : proxy.httpPort) ?? 0;
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    // Every third looks like the start of a TLS handshake.
    socket.end(Buffer.concat([Buffer.from(round % 3 === 0 ? [0x16, 3, 1] : []), randomBytes(300)]));
    await new Promise((resolve) => socket.once('close', resolve));
  }
});

test('A client that connects and says nothing, or stops in the handshake, is cut off', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from([0x16, 3, 1, 2, 0, 1])]) {
    const socket = net.connect(proxy.httpsPort, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(bytes);
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve));
  }
});

test('More connections than allowed are refused, and room is made when others end', async () => {
  const sockets: net.Socket[] = [];
  for (let at = 0; at < 260; at += 1) {
    const socket = net.connect(proxy.httpsPort, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    sockets.push(socket);
  }
  await until(() => sockets.filter((socket) => socket.destroyed).length >= 60);
  for (const socket of sockets) socket.destroy();
});

test('Header fields beyond the limit are refused over HTTP/2 too', async () => {
  const session = connectHttp2(proxy);
  await expect(askHttp2(proxy, { session, headers: { 'x-a': 'a'.repeat(70_000) } })).rejects.toThrow();
  session.destroy();
});

test('A page that is left while 500 requests run leaves nothing at the upstream', async () => {
  const session = connectHttp2(proxy);
  for (let at = 0; at < 500; at += 1) {
    session.request({ ':path': '/hang', ':authority': 'example.com' }).on('error', () => undefined);
  }
  await until(() => active.size >= 100);
  session.destroy();
  await until(() => active.size === 0);
});

test('1,000 requests that are given up at any moment leave nothing at the upstream', async () => {
  for (let round = 0; round < 10; round += 1) {
    const session = connectHttp2(proxy);
    for (let at = 0; at < 100; at += 1) {
      const stream = session.request({ ':path': '/hang', ':authority': 'example.com' });
      stream.on('error', () => undefined);
      if (at % 3 === 0) setImmediate(() => stream.close(8));
    }
    for (let turn = 0; turn < round * 3; turn += 1) await nextTurn();
    session.destroy();
  }
  await until(() => active.size === 0);
});

test('Garbage after a valid request is not taken for a request', async () => {
  const answer = await sendRaw(
    proxy,
    'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n\x00\x01\x02garbage\r\n\r\n',
  );
  expect(answer.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1);
});
