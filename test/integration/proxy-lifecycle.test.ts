import http from 'node:http';
import type { ClientHttp2Session } from 'node:http2';
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askHttp1, askHttp2, connectHttp2, connectRaw, until } from '../helpers/proxy-clients.ts';
import { HOSTNAMES, listenOn, makeCertificate, portRoute, startProxy } from '../helpers/proxy-fixture.ts';
import { createEchoServer, openHttp1 } from '../helpers/proxy-websocket.ts';

const waiting = new Set<http.ServerResponse>();
const upstream = http.createServer((request, response) => {
  if (request.url === '/quick') {
    response.end('answer');
    return;
  }
  waiting.add(response);
  response.on('close', () => waiting.delete(response));
  if (request.url === '/begun') response.write('begun ');
});
let port = 0;

beforeAll(async () => {
  port = await listenOn(upstream);
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});

function closed(socket: { once(event: 'close', listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function idleHttp2(proxy: Parameters<typeof connectHttp2>[0]): Promise<ClientHttp2Session> {
  const session = connectHttp2(proxy);
  await askHttp2(proxy, { session, path: '/quick' });
  return session;
}

test('A graceful close ends what is idle at once and lets requests under way finish', async () => {
  const proxy = await startProxy([portRoute('example.com', port)]);
  const silent = net.connect(proxy.httpsPort, '127.0.0.1');
  const raw = await connectRaw(proxy);
  const session = await idleHttp2(proxy);
  const idle = Promise.all([closed(silent), closed(raw), closed(session)]);
  const http1 = askHttp1(proxy, { path: '/wait' });
  const begun = askHttp1(proxy, { path: '/begun' });
  const http2 = askHttp2(proxy, { path: '/wait' });
  await until(() => waiting.size === 3);

  let done = false;
  const closing = proxy.proxy.close(60_000).then(() => {
    done = true;
  });
  await idle;
  await expect(connectRaw(proxy)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(done).toBe(false);
  for (const response of waiting) response.end('late');
  expect((await http1).body).toBe('late');
  expect((await http1).headers.connection).toBe('close');
  expect((await begun).body).toBe('begun late');
  expect((await http2).body).toBe('late');
  await closing;
});

test('A graceful close cuts what has not finished at the deadline', async () => {
  const proxy = await startProxy([portRoute('example.com', port)]);
  const failures = Promise.allSettled([
    askHttp1(proxy, { path: '/wait' }),
    askHttp2(proxy, { path: '/wait' }),
  ]);
  await until(() => waiting.size === 2);
  await proxy.proxy.close(50);
  expect((await failures).map((result) => result.status)).toEqual(['rejected', 'rejected']);
  await until(() => waiting.size === 0);
});

test('A second, forced close ends a pending one', async () => {
  const proxy = await startProxy([portRoute('example.com', port)]);
  const failure = askHttp1(proxy, { path: '/wait' }).catch((error: Error) => error);
  await until(() => waiting.size === 1);
  const closing = proxy.proxy.close(600_000);
  proxy.proxy.forceClose();
  await closing;
  expect(await failure).toBeInstanceOf(Error);
});

test('A close ends WebSockets', async () => {
  const echo = createEchoServer();
  const proxy = await startProxy([portRoute('example.com', await listenOn(echo.server))]);
  const { socket } = await openHttp1(proxy);
  const end = closed(socket);
  await proxy.proxy.close(60_000);
  await end;
  await until(() => echo.sockets.size === 0);
  echo.server.close();
});

test('A close of a proxy that never listened does nothing', async () => {
  const proxy = await startProxy([]);
  await proxy.proxy.close(1_000);
  await proxy.proxy.close(1_000);
});

test('A renewed certificate is used from the next handshake on', async () => {
  const proxy = await startProxy([portRoute('example.com', port)]);
  const before = (await connectRaw(proxy)).getPeerCertificate().fingerprint256;
  const renewed = await makeCertificate(HOSTNAMES);
  proxy.proxy.setSecureContext(renewed);
  const socket = await connectRaw(proxy, { ca: renewed.cert });
  expect(socket.getPeerCertificate().fingerprint256).not.toBe(before);
  await proxy.close();
});

test('New routes count from the next request on, and one that goes lets its requests finish', async () => {
  const other = http.createServer((_, response) => response.end('other'));
  const proxy = await startProxy([portRoute('example.com', port)]);
  const pending = askHttp1(proxy, { path: '/wait' });
  await until(() => waiting.size === 1);
  proxy.proxy.setRoutes([portRoute('example.com', await listenOn(other))]);
  expect((await askHttp1(proxy)).body).toBe('other');
  for (const response of waiting) response.end('late');
  expect((await pending).body).toBe('late');
  await proxy.close();
  other.close();
});

test('All addresses share one port, and one that the machine lacks is a notice', async () => {
  const proxy = await startProxy([portRoute('example.com', port)], {
    addresses: ['127.0.0.1', '::1', '192.0.2.1'],
  });
  expect(proxy.addresses).toEqual(['127.0.0.1', '::1']);
  expect(proxy.notices).toMatchObject([{ code: 'ADDRESS_MISSING', address: '192.0.2.1' }]);
  const socket = await connectRaw(proxy, { host: '::1' });
  socket.destroy();
  await proxy.close();
});

test('A taken https port is an error, a taken http port a notice', async () => {
  const holder = net.createServer();
  const taken = await listenOn(holder);
  await expect(startProxy([], { httpsPort: taken })).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE' });
  const proxy = await startProxy([], { httpPort: taken });
  expect(proxy.httpPort).toBeNull();
  expect(proxy.notices).toMatchObject([
    { code: 'HTTP_PORT_UNAVAILABLE', error: { code: 'ERR_PORT_IN_USE' } },
  ]);
  await proxy.close();
  holder.close();
});

test('Requests that come before the routes wait for them, and one that leaves does no harm', async () => {
  const proxy = await startProxy(null);
  const early = [askHttp1(proxy, { path: '/quick' }), askHttp2(proxy, { path: '/quick' })];
  const left = await connectRaw(proxy);
  left.destroy();
  await closed(left);
  let answered = false;
  void Promise.race(early).then(() => {
    answered = true;
  });
  // A connection that was accepted later is through its handshake, so the early ones are too.
  (await connectRaw(proxy)).destroy();
  expect(answered).toBe(false);
  proxy.proxy.setRoutes([portRoute('example.com', port)]);
  expect((await Promise.all(early)).map((answer) => answer.body)).toEqual(['answer', 'answer']);
  await proxy.close();
});
