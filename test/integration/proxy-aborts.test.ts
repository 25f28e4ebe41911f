import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Route } from '../../src/proxy/types.ts';
import {
  ABORTS,
  connectAbortable,
  countResources,
  createAbortingUpstream,
  inBatches,
  untilAsBefore,
} from '../helpers/proxy-aborts.ts';
import { askHttp1, askHttp2, connectHttp2, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';
import {
  createEchoServer,
  echoOver,
  openHttp1,
  requestHttp2Socket,
  untilSettings,
} from '../helpers/proxy-websocket.ts';

const TIMEOUT = 60_000 + ABORTS * 60;
const upstream = createAbortingUpstream();
const echo = createEchoServer();
let proxy: RunningProxy;
let before: Readonly<Record<string, number>> = {};

let upstreamPort = 0;
let echoPort = 0;

function routesTo(): Route[] {
  const toEcho: Route['upstream'] = { kind: 'port', port: echoPort, label: 'echo' };
  return [{ ...portRoute('example.com', upstreamPort), paths: [{ prefix: '/ws', upstream: toEcho }] }];
}

beforeAll(async () => {
  upstreamPort = await listenOn(upstream.server);
  echoPort = await listenOn(echo.server);
  proxy = await startProxy(routesTo(), { limits: { upgradeLingerMs: 100 } });
  before = countResources();
});
beforeEach(() => {
  proxy.exchanges.length = 0;
});
afterEach(async () => {
  await until(() => upstream.active.size === 0 && echo.sockets.size === 0);
  expect((await askHttp1(proxy, { path: '/quick' })).body).toBe('quick');
  expect((await askHttp2(proxy, { path: '/quick' })).body).toBe('quick');
  // Idle connections to the upstream end by themselves.
  await untilAsBefore(before);
}, 20_000);
afterAll(async () => {
  await proxy.close();
  upstream.server.close();
  echo.server.close();
});

const opening = 'Host: example.com\r\nContent-Length: 1000\r\n\r\n';

describe(`${ABORTS} requests over HTTP/1.1 leave nothing behind`, () => {
  test(
    'that their client gives up before an answer',
    async () => {
      await inBatches(ABORTS, 100, async (count, round) => {
        const clients = await connectAbortable(proxy, count);
        for (const { socket } of clients) socket.write('GET /wait HTTP/1.1\r\nHost: example.com\r\n\r\n');
        // At any moment: also before the upstream has the request.
        if (round % 2 === 0) await until(() => upstream.active.size === count);
        else for (let turn = 0; turn < round % 7; turn += 1) await nextTurn();
        for (const [at, { giveUp }] of clients.entries()) giveUp(at);
        await until(() => upstream.active.size === 0);
        for (const { socket } of clients) socket.destroy();
      });
      const failures = new Set(proxy.exchanges.map((exchange) => exchange.failure?.code));
      expect([...failures]).toEqual(['ERR_CLIENT_ABORTED']);
    },
    TIMEOUT,
  );

  test(
    'that their client gives up in the middle of their body, or of the answer',
    async () => {
      await inBatches(ABORTS, 100, async (count, round) => {
        const clients = await connectAbortable(proxy, count);
        for (const [at, { socket }] of clients.entries()) {
          if (at % 2 === 0) socket.write(`POST /wait HTTP/1.1\r\n${opening}part of it`);
          else socket.write('GET /begun HTTP/1.1\r\nHost: example.com\r\n\r\n');
        }
        if (round % 2 === 0) await until(() => upstream.active.size === count);
        for (const [at, { giveUp }] of clients.entries()) giveUp(at);
        await until(() => upstream.active.size === 0);
        for (const { socket } of clients) socket.destroy();
      });
    },
    TIMEOUT,
  );

  test(
    'that their upstream breaks off',
    async () => {
      await inBatches(ABORTS, 100, async (count) => {
        await Promise.all(
          Array.from({ length: count }, async (_, at) => {
            const asked = askHttp1(proxy, { path: at % 2 === 0 ? '/reset' : '/drop' });
            const status = await asked.then(
              (answer) => answer.status,
              () => 'broken',
            );
            expect([502, 'broken']).toContain(status);
          }),
        );
      });
    },
    TIMEOUT,
  );
});

describe(`${ABORTS} requests over HTTP/2 leave nothing behind`, () => {
  const ask = (session: ClientHttp2Session, path: string, body: string | null): ClientHttp2Stream => {
    const stream = session.request(
      { ':method': body === null ? 'GET' : 'POST', ':path': path, ':authority': 'example.com' },
      { endStream: body === null },
    );
    stream.on('error', () => undefined);
    if (body !== null) stream.write(body);
    stream.resume();
    return stream;
  };

  test(
    'that their client gives up: the stream or the session, before an answer, in the middle of a body',
    async () => {
      await inBatches(ABORTS, 100, async (count, round) => {
        const session = connectHttp2(proxy);
        const streams = Array.from({ length: count }, (_, at) => {
          if (at % 3 === 0) return ask(session, '/wait', null);
          return at % 3 === 1 ? ask(session, '/begun', null) : ask(session, '/wait', 'part of it');
        });
        if (round % 2 === 0) await until(() => upstream.active.size === count);
        else for (let turn = 0; turn < round % 7; turn += 1) await nextTurn();
        if (round % 3 === 0) for (const stream of streams) stream.close(8);
        else session.destroy();
        await until(() => upstream.active.size === 0);
        session.destroy();
      });
    },
    TIMEOUT,
  );

  test(
    'that their upstream breaks off',
    async () => {
      await inBatches(ABORTS, 100, async (count) => {
        const session = connectHttp2(proxy);
        await Promise.all(
          Array.from({ length: count }, async (_, at) => {
            const asked = askHttp2(proxy, { session, path: at % 2 === 0 ? '/reset' : '/drop' });
            const status = await asked.then(
              (answer) => answer.status,
              () => 'broken',
            );
            expect([502, 'broken']).toContain(status);
          }),
        );
        session.close();
      });
    },
    TIMEOUT,
  );
});

describe(`${ABORTS} WebSockets leave nothing behind`, () => {
  const handshake = [
    'GET /ws HTTP/1.1',
    'Host: example.com',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');

  test(
    'over HTTP/1.1, that either side gives up, open or in the handshake',
    async () => {
      await inBatches(ABORTS, 100, async (count, round) => {
        const clients = await connectAbortable(proxy, count);
        for (const { socket } of clients) {
          socket.resume();
          socket.write(handshake);
        }
        if (round % 2 === 0) {
          await until(() => echo.sockets.size === count);
          if (round % 4 === 0) for (const socket of echo.sockets) socket.destroy();
        }
        for (const [at, { giveUp }] of clients.entries()) giveUp(at);
        await until(() => echo.sockets.size === 0);
        for (const { socket } of clients) socket.destroy();
      });
      await until(() => proxy.exchanges.length >= ABORTS);
    },
    TIMEOUT,
  );

  test(
    'over HTTP/2, that either side gives up, open or in the handshake',
    async () => {
      await inBatches(ABORTS, 100, async (count, round) => {
        const session = connectHttp2(proxy);
        await untilSettings(session);
        const streams = Array.from({ length: count }, () => requestHttp2Socket(session, '/ws').resume());
        if (round % 2 === 0) {
          await until(() => echo.sockets.size === count);
          if (round % 4 === 0) for (const socket of echo.sockets) socket.destroy();
        }
        if (round % 3 === 0) for (const stream of streams) stream.close(8);
        else session.destroy();
        await until(() => echo.sockets.size === 0);
        session.destroy();
      });
    },
    TIMEOUT,
  );
});

test(
  '1,000 idle WebSockets stay open over either protocol, and each one still carries bytes',
  async () => {
    // They idle for longer than anything else may.
    const limits = {
      clientIdleTimeoutMs: 4_000,
      requestHeadersTimeoutMs: 4_000,
      upstreamHeadersTimeoutMs: 4_000,
    };
    const own = await startProxy(routesTo(), { limits });
    const opened = Array.from({ length: 500 }, async () => (await openHttp1(own, '/ws')).socket);
    const sessions = Array.from({ length: 5 }, () => connectHttp2(own));
    await Promise.all(sessions.map(untilSettings));
    const streams = sessions.flatMap((session) =>
      Array.from({ length: 100 }, () => requestHttp2Socket(session, '/ws')),
    );
    const sockets = [...(await Promise.all(opened)), ...streams];
    await until(() => echo.sockets.size === 1_000);
    let lost = 0;
    for (const socket of sockets) socket.once('close', () => (lost += 1));
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect([lost, echo.sockets.size]).toEqual([0, 1_000]);
    const answers = await Promise.all(sockets.map((socket) => echoOver(socket, 'still there')));
    expect(new Set(answers)).toEqual(new Set(['still there']));
    expect(lost).toBe(0);
    for (const socket of sockets) socket.destroy();
    for (const session of sessions) session.destroy();
    await own.close();
  },
  TIMEOUT,
);
