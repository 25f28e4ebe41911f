import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../src/proxy/types.ts';
import { askHttp1, askHttp2, connectRaw, sendRaw, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';
import { createEchoServer, echoOver, openHttp1 } from '../helpers/proxy-websocket.ts';

function createNamed(name: string): http.Server {
  return http.createServer((request, response) => response.end(`${name} ${request.url}`));
}

const servers = { rest: createNamed('rest'), api: createNamed('api'), v2: createNamed('v2') };
const echo = createEchoServer();
let routes: Route[] = [];
let proxy: RunningProxy;

beforeAll(async () => {
  const upstream = (port: number): Route['upstream'] => ({ kind: 'port', port, label: `port ${port}` });
  routes = [
    {
      ...portRoute('example.com', await listenOn(servers.rest)),
      // Not in the order in which they count.
      paths: [
        { prefix: '/api', upstream: upstream(await listenOn(servers.api)) },
        { prefix: '/api/v2', upstream: upstream(await listenOn(servers.v2)) },
        { prefix: '/ws', upstream: upstream(await listenOn(echo.server)) },
        { prefix: '/dead', upstream: { kind: 'port', port: 1, label: 'the dead one' } },
      ],
    },
    portRoute('api.example.com', await listenOn(createdForApi)),
  ];
  proxy = await startProxy(routes);
});
const createdForApi = createNamed('other host');
afterAll(async () => {
  await proxy.close();
  for (const server of [...Object.values(servers), createdForApi, echo.server]) server.close();
});

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)('Over %s', (_name, ask) => {
  test.each([
    ['/', 'rest /'],
    ['/apix', 'rest /apix'],
    ['/x?/api', 'rest /x?/api'],
    ['/api', 'api /api'],
    ['/api?x=/../v2', 'api /api?x=/../v2'],
    ['/api/x', 'api /api/x'],
    ['/api/v20', 'api /api/v20'],
    ['/api/v2/x?y', 'v2 /api/v2/x?y'],
    ['/api/a%20b//c', 'api /api/a%20b//c'],
  ])('%s is answered by %s', async (path, body) => {
    expect((await ask(proxy, { path })).body).toBe(body);
  });

  test.each(['//api/x', '/x/../api', '/api/..%2fx', '/%61pi', '/api%2fx'])(
    '%s is refused: servers would not agree whose it is',
    async (path) => {
      const answer = await ask(proxy, { path });
      expect(answer.status).toBe(400);
      expect(answer.headers['x-jwt-dev-error']).toBe('ERR_BAD_REQUEST');
      expect(answer.body).toContain('different upstreams');
    },
  );

  test('the prefixes of one host are none of another', async () => {
    expect((await ask(proxy, { hostname: 'api.example.com', path: '/api/../x' })).body).toBe(
      'other host /api/../x',
    );
  });

  test('a dead upstream of a prefix is named as that', async () => {
    const answer = await ask(proxy, { path: '/dead/x' });
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({ upstream: { label: 'the dead one', process: null } });
  });

  test('the observer is told which upstream it was', async () => {
    proxy.exchanges.length = 0;
    await ask(proxy, { path: '/api/v2/seen' });
    await until(() => proxy.exchanges.length > 0);
    expect(proxy.exchanges[0]).toMatchObject({
      path: '/api/v2/seen',
      upstream: routes[0]?.paths[1]?.upstream.label,
    });
  });
});

test('WebSockets follow the prefix', async () => {
  const { socket, head } = await openHttp1(proxy, '/ws/hmr?token=1');
  expect(head).toMatch(/^HTTP\/1\.1 101 /);
  expect(await echoOver(socket, 'hello')).toBe('hello');
  expect(echo.requests.at(-1)?.url).toBe('/ws/hmr?token=1');
  socket.destroy();
  await until(() => proxy.exchanges.some((exchange) => exchange.path === '/ws/hmr?token=1'));
  const seen = proxy.exchanges.find((exchange) => exchange.path === '/ws/hmr?token=1');
  expect(seen).toMatchObject({ kind: 'websocket', upstream: routes[0]?.paths[2]?.upstream.label });
  const refused = await sendRaw(
    proxy,
    'GET /ws/..%2fapi HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  expect(refused).toMatch(/^HTTP\/1\.1 400 .*different upstreams/s);
});

test('A target in absolute form follows the prefix too', async () => {
  const answer = await sendRaw(
    proxy,
    'GET https://example.com/api/v2?x HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toContain('v2 /api/v2?x');
});

test('New routes keep the connections to upstreams that they still name, also below a prefix', async () => {
  const waiting: http.ServerResponse[] = [];
  const ports = new Set<number | undefined>();
  const slow = http.createServer((request, response) => {
    ports.add(request.socket.remotePort);
    if (request.url === '/api/slow') waiting.push(response);
    else response.end('quick');
  });
  const port = await listenOn(slow);
  const route = (): Route => ({
    ...portRoute('example.com', 1),
    paths: [{ prefix: '/api', upstream: { kind: 'port', port, label: 'slow', process: () => running } }],
  });
  const running = { command: 'x', state: 'running', pid: 1, lastExit: null, lastLines: [] } as const;
  const own = await startProxy([route()]);
  await askHttp1(own, { path: '/api/1' });
  own.proxy.setRoutes([route()]);
  await askHttp1(own, { path: '/api/2' });
  expect(ports.size).toBe(1);
  // One that goes lets what is under way finish.
  const pending = askHttp1(own, { path: '/api/slow' });
  await until(() => waiting.length === 1);
  own.proxy.setRoutes([portRoute('example.com', 1)]);
  expect((await askHttp1(own, { path: '/api/3' })).status).toBe(502);
  waiting[0]?.end('late');
  expect((await pending).body).toBe('late');
  await own.close();
  slow.close();
});

test('The host that is asked on a kept connection may have prefixes or not', async () => {
  const socket = await connectRaw(proxy);
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  socket.write('GET /api HTTP/1.1\r\nHost: example.com\r\n\r\n');
  await until(() => received.includes('api /api'));
  socket.write('GET /api HTTP/1.1\r\nHost: api.example.com\r\n\r\n');
  await until(() => received.includes('other host /api'));
  socket.destroy();
});
