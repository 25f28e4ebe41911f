import { once } from 'node:events';
import http from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { askHttp1, askHttp2, connectHttp2, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';
import {
  createEchoServer,
  openHttp1,
  requestHttp2Socket,
  untilSettings,
} from '../helpers/proxy-websocket.ts';

const CANARY = '__jwtdev=1; Domain=example.com; Path=/; Secure; HttpOnly; SameSite=Lax';
const canary = { hostname: 'example.com', site: 'example.com' };

/** The Cookie fields that reached the upstream, in order. */
const seen: (string | undefined)[] = [];
const upstream = http.createServer((request, response) => {
  seen.push(request.headers.cookie);
  const url = request.url ?? '';
  if (url === '/unchanged') response.writeHead(304, { etag: '"1"' }).end();
  else if (url === '/style.css') response.writeHead(200, { 'content-type': 'text/css' }).end('a{}');
  else {
    response.writeHead(200, {
      'content-type': 'text/html',
      'cache-control': 'no-transform',
      'set-cookie': ['a=1', 'b=2'],
    });
    response.end('<p>page');
  }
});
let port = 0;
let proxy: RunningProxy;

beforeAll(async () => {
  port = await listenOn(upstream);
});
afterAll(() => {
  upstream.close();
});
afterEach(async () => {
  seen.length = 0;
  await proxy.close();
});

const navigation = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', accept: 'text/html' };
const routes = (to = port) => [portRoute('example.com', to), portRoute('api.example.com', to)];

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)('Over %s', (_name, ask) => {
  test('a document sets it beside its own cookies, and the rest of the answer stays', async () => {
    proxy = await startProxy(routes(), { canary });
    const answer = await ask(proxy, { headers: navigation });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2', CANARY]);
    expect(answer.headers['cache-control']).toBe('no-transform');
    expect(answer.body).toBe('<p>page');
  });

  test.each([
    ['/unchanged', navigation],
    ['/style.css', navigation],
    ['/', { ...navigation, 'sec-fetch-dest': 'empty' }],
    ['/', { ...navigation, cookie: '__jwtdev=1' }],
  ])('%s with %j does not set it', async (path, headers) => {
    proxy = await startProxy(routes(), { canary });
    expect((await ask(proxy, { path, headers })).headers['set-cookie'] ?? []).not.toContain(CANARY);
  });

  test('no upstream sees it, and every other cookie arrives as it was sent', async () => {
    proxy = await startProxy(routes(), { canary });
    for (const hostname of ['example.com', 'api.example.com']) {
      await ask(proxy, { hostname, headers: { cookie: 'jwt="a b"; __jwtdev=1; c=1;d=%20' } });
      await ask(proxy, { hostname, headers: { cookie: '__jwtdev=1' } });
    }
    expect(seen).toEqual(['jwt="a b"; c=1;d=%20', undefined, 'jwt="a b"; c=1;d=%20', undefined]);
  });

  test('whether it was sent is told with the exchange', async () => {
    proxy = await startProxy(routes(), { canary });
    await ask(proxy, { headers: { cookie: 'a=1; __jwtdev=1' } });
    await ask(proxy, { headers: { cookie: 'a=1' } });
    await until(() => proxy.exchanges.length === 2);
    expect(proxy.exchanges.map((exchange) => exchange.canary)).toEqual(['sent', 'not-sent']);
  });

  test('switched off, nothing is set; one of an earlier run still reaches no upstream', async () => {
    proxy = await startProxy(routes());
    const answer = await ask(proxy, { headers: { ...navigation, cookie: '__jwtdev=1; a=1' } });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(seen).toEqual(['a=1']);
    await until(() => proxy.exchanges.length === 1);
    expect(proxy.exchanges[0]?.canary).toBe('off');
  });
});

test('HTTP/2 brings each cookie in a field of its own', async () => {
  proxy = await startProxy(routes(), { canary });
  await askHttp2(proxy, { headers: { cookie: ['a=1', '__jwtdev=1', 'b=2'] } });
  expect(seen).toEqual(['a=1; b=2']);
});

test('WebSockets of both protocols bring it no further either', async () => {
  const echo = createEchoServer();
  proxy = await startProxy(routes(await listenOn(echo.server)), { canary });
  const first = await openHttp1(proxy, '/', '', ['Cookie: a=1; __jwtdev=1; b=2']);
  first.socket.destroy();
  const session = connectHttp2(proxy);
  await untilSettings(session);
  const stream = requestHttp2Socket(session, '/', { cookie: 'a=1; __jwtdev=1; b=2' });
  await once(stream, 'response');
  stream.close();
  session.close();
  expect(echo.requests.map(({ headers }) => headers.cookie)).toEqual(['a=1; b=2', 'a=1; b=2']);
  await until(() => proxy.exchanges.length === 2);
  expect(proxy.exchanges.map((exchange) => exchange.canary)).toEqual(['sent', 'sent']);
  echo.server.close();
});
