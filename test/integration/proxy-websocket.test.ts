import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import process from 'node:process';
import { Agent, WebSocket } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askHttp1, connectHttp2, countConnections, sendRaw, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';
import { createEchoServer, echoOver, openHttp1 } from '../helpers/proxy-websocket.ts';

const echo = createEchoServer();
let proxy: RunningProxy;
let sessions: ClientHttp2Session[] = [];

const warnings: string[] = [];
const onWarning = (warning: Error & { code?: string }): void => {
  warnings.push(warning.code ?? warning.message);
};

beforeAll(async () => {
  process.on('warning', onWarning);
  const port = await listenOn(echo.server);
  proxy = await startProxy([portRoute('example.com', port), portRoute('api.example.com', 1)], {
    limits: { upgradeLingerMs: 100, upstreamHeadersTimeoutMs: 300 },
  });
});
beforeEach(async () => {
  for (const socket of echo.sockets) socket.destroy();
  await until(() => echo.sockets.size === 0);
  proxy.exchanges.length = 0;
  echo.requests.length = 0;
});
afterAll(async () => {
  for (const session of sessions) session.destroy();
  await proxy.close();
  echo.server.close();
  process.off('warning', onWarning);
  // http-proxy 1.18 uses util._extend, which Node 24 warns of (DEP0060).
  expect(warnings.filter((warning) => warning.startsWith('DEP'))).toEqual([]);
});

async function openHttp2(
  path = '/',
  headers: Record<string, string> = {},
): Promise<{ stream: ClientHttp2Stream; headers: IncomingHttpHeaders }> {
  const session = connectHttp2(proxy);
  sessions.push(session);
  await new Promise<void>((resolve) => session.once('remoteSettings', () => resolve()));
  expect(session.remoteSettings.enableConnectProtocol).toBe(true);
  const stream = session.request({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':scheme': 'https',
    ':path': path,
    ':authority': `example.com:${proxy.httpsPort}`,
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'echo',
    origin: 'https://example.com',
    ...headers,
  });
  stream.on('error', () => undefined);
  const answered = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
    stream.once('response', resolve);
    stream.once('close', () => reject(new Error(`closed with ${stream.rstCode}`)));
  });
  return { stream, headers: answered };
}

describe('A WebSocket over HTTP/1.1', () => {
  test('carries bytes both ways', async () => {
    const { socket, head } = await openHttp1(proxy);
    expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(head).toMatch(/sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i);
    expect(head.match(/set-cookie: /gi)).toHaveLength(2);
    expect(await echoOver(socket, 'hello')).toBe('hello');
    const large = 'x'.repeat(3_000_000);
    expect(await echoOver(socket, large)).toBe(large);
    socket.destroy();
  });

  test('tells the upstream who asked, and keeps path and origin', async () => {
    const { socket } = await openHttp1(proxy, '//hmr/../x?token=a%2Fb', '', [
      'X-Forwarded-For: 6.6.6.6',
      'Cookie: a=1',
    ]);
    const [request] = echo.requests;
    expect(request?.url).toBe('//hmr/../x?token=a%2Fb');
    expect(request?.headers).toMatchObject({
      host: `example.com:${proxy.httpsPort}`,
      origin: 'https://example.com',
      cookie: 'a=1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'sec-websocket-version': '13',
    });
    socket.destroy();
  });

  test('loses nothing that comes together with the handshake, from either side', async () => {
    const { socket, received } = await openHttp1(proxy, '/greet', 'early');
    await until(() => received().length >= 12);
    expect(['welcomeearly', 'earlywelcome']).toContain(received());
    socket.destroy();
  });

  test('works with a real client', async () => {
    const dispatcher = new Agent({
      connect: {
        ca: proxy.certificate.cert,
        lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
      },
    });
    const client = new WebSocket(`wss://example.com:${proxy.httpsPort}/`, {
      dispatcher,
      protocols: ['echo'],
    });
    await new Promise((resolve, reject) => {
      client.addEventListener('open', resolve);
      client.addEventListener('error', reject);
    });
    expect(client.protocol).toBe('echo');
    await dispatcher.destroy();
  });

  test('gets an ordinary answer of the upstream as it is, with correct framing', async () => {
    const { socket, head, received } = await openHttp1(proxy, '/refuse');
    expect(head).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(head).toMatch(/x-why: no/i);
    await new Promise<void>((resolve) => {
      if (socket.destroyed) resolve();
      else socket.once('close', () => resolve());
    });
    expect(received()).toBe('3\r\nwho\r\n1\r\n?\r\n0\r\n\r\n');
  });

  test('gets 502 where nothing answers, where the upstream drops it, and 504 where it is silent', async () => {
    const dead = await sendRaw(
      proxy,
      'GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(dead).toMatch(/^HTTP\/1\.1 502 .*ERR_UPSTREAM_UNREACHABLE/s);
    expect((await openHttp1(proxy, '/drop')).head).toMatch(/^HTTP\/1\.1 502 /);
    expect((await openHttp1(proxy, '/silent')).head).toMatch(/^HTTP\/1\.1 504 /);
  });

  test.each([
    [
      'an unknown host',
      'GET / HTTP/1.1\r\nHost: other.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      421,
    ],
    [
      'a loop',
      'GET / HTTP/1.1\r\nHost: example.com\r\nX-Jwt-Dev-Hops: 9\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      508,
    ],
  ])('for %s is refused', async (_name, text, status) => {
    expect(await sendRaw(proxy, text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('ends the other side when either ends', async () => {
    const one = await openHttp1(proxy);
    await until(() => echo.sockets.size === 1);
    one.socket.destroy();
    await until(() => echo.sockets.size === 0);

    const two = await openHttp1(proxy);
    await until(() => echo.sockets.size === 1);
    for (const socket of echo.sockets) socket.destroy();
    await new Promise((resolve) => two.socket.once('close', resolve));
  });

  test('is reported to the observer when it is over, without a failure', async () => {
    const { socket } = await openHttp1(proxy, '/seen');
    const seen = (): unknown[] => proxy.exchanges.filter((exchange) => exchange.path === '/seen');
    expect(seen()).toEqual([]);
    socket.destroy();
    await until(() => seen().length > 0);
    expect(seen()).toMatchObject([{ kind: 'websocket', status: 101, failure: null }]);
  });
});

describe('A WebSocket over HTTP/2', () => {
  test('carries bytes both ways', async () => {
    const { stream, headers } = await openHttp2('//ws?x=1');
    expect(headers[':status']).toBe(200);
    expect(headers['sec-websocket-protocol']).toBe('echo');
    expect(headers['sec-websocket-accept']).toBeUndefined();
    expect(await echoOver(stream, 'hello')).toBe('hello');
    const large = 'x'.repeat(3_000_000);
    expect(await echoOver(stream, large)).toBe(large);
    expect(echo.requests[0]?.url).toBe('//ws?x=1');
    expect(echo.requests[0]?.headers).toMatchObject({
      host: `example.com:${proxy.httpsPort}`,
      upgrade: 'websocket',
    });
    stream.close();
  });

  test.each([
    ['/refuse', 401],
    ['/drop', 502],
    ['/wrong-accept', 502],
    ['/silent', 504],
  ])('to %s is answered %i', async (path, status) => {
    const { headers } = await openHttp2(path);
    expect(headers[':status']).toBe(status);
  });

  test('ends the other side when either ends', async () => {
    const one = await openHttp2();
    await until(() => echo.sockets.size === 1);
    one.stream.close();
    await until(() => echo.sockets.size === 0);

    const two = await openHttp2();
    await until(() => echo.sockets.size === 1);
    for (const socket of echo.sockets) socket.destroy();
    await new Promise((resolve) => two.stream.once('close', resolve));
  });
});

test('An upgrade to another protocol is refused', async () => {
  const text = 'GET / HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n';
  expect(await sendRaw(proxy, text)).toMatch(/^HTTP\/1\.1 501 /);
});

test('A tunnel is refused', async () => {
  expect(await sendRaw(proxy, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 [45]\d\d /,
  );
});

test('1,000 WebSockets whose client vanishes leave nothing behind', async () => {
  const before = countConnections();
  for (let round = 0; round < 20; round += 1) {
    const opened = await Promise.all(Array.from({ length: 50 }, () => openHttp1(proxy)));
    for (const { socket } of opened) socket.destroy();
  }
  await until(
    () => echo.sockets.size === 0 && proxy.exchanges.length >= 1_000 && countConnections() <= before,
  );
  expect((await askHttp1(proxy)).body).toBe('http');
});
