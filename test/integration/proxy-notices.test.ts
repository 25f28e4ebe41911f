import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { UpstreamNotice } from '../../src/proxy/types.ts';
import { askHttp1, askHttp2, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';
import { openHttp1 } from '../helpers/proxy-websocket.ts';

const VITE = 'Blocked request. This host ("example.com") is not allowed.\nTo allow this host, …';
const LONG = `<title>DisallowedHost\n at /</title>${'.'.repeat(300_000)}`;

const upstream = http.createServer((request, response) => {
  const url = request.url ?? '';
  if (url === '/vite') response.writeHead(403, { 'content-type': 'text/plain' }).end(VITE);
  else if (url === '/split') {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.write(VITE.slice(0, 10));
    setImmediate(() => response.end(VITE.slice(10)));
  } else if (url === '/gzip') {
    response.writeHead(403, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync(VITE));
  } else if (url === '/django') response.writeHead(400, { 'content-type': 'text/html' }).end(LONG);
  else if (url.startsWith('/_next')) response.writeHead(403).end('Unauthorized');
  else if (url === '/webpack4') {
    response
      .writeHead(200, { 'content-type': 'text/html', 'content-length': '19' })
      .end('Invalid Host header');
  } else if (url === '/forbidden') response.writeHead(403, { 'content-type': 'text/plain' }).end('no');
  else if (url === '/hsts') response.setHeader('strict-transport-security', 'max-age=1').end('fine');
  else response.end('fine');
});
const notices: UpstreamNotice[] = [];
let port = 0;
let proxy: RunningProxy;

beforeAll(async () => {
  port = await listenOn(upstream);
});
afterAll(() => {
  upstream.close();
});
afterEach(async () => {
  notices.length = 0;
  await proxy.close();
});

async function start(): Promise<RunningProxy> {
  proxy = await startProxy([portRoute('example.com', port)], { onNotice: (notice) => notices.push(notice) });
  return proxy;
}

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)('Over %s', (_name, ask) => {
  test.each([
    ['/vite', 'Vite', 403, VITE],
    ['/split', 'Vite', 403, VITE],
    ['/django', 'Django', 400, LONG],
    ['/_next/static/chunk.js', 'Next.js', 403, 'Unauthorized'],
    ['/webpack4', 'webpack-dev-server', 200, 'Invalid Host header'],
  ])(
    'a blocked host (%s, %s) is told each time, and the answer stays as it is',
    async (path, framework, status, body) => {
      await start();
      for (let round = 0; round < 2; round += 1) {
        const answer = await ask(proxy, { path });
        expect(answer.status).toBe(status);
        expect(Buffer.from(answer.body, 'latin1').toString()).toBe(body);
      }
      const expected = {
        code: 'UPSTREAM_BLOCKS_HOST',
        hostname: 'example.com',
        upstream: `127.0.0.1:${port}`,
        framework,
        message: `${framework} at 127.0.0.1:${port} refuses requests for example.com.`,
        fix: expect.stringContaining('example.com'),
      };
      expect(notices).toMatchObject([expected, expected]);
    },
  );

  test.each(['/', '/forbidden', '/gzip'])('%s is no blocked host', async (path) => {
    await start();
    await ask(proxy, { path });
    await ask(proxy, { path, method: 'HEAD' });
    expect(notices).toEqual([]);
  });

  test('HSTS that was withheld is told with the exchange', async () => {
    await start();
    expect((await ask(proxy, { path: '/hsts' })).headers).not.toHaveProperty('strict-transport-security');
    await until(() => proxy.exchanges.length === 1);
    expect(proxy.exchanges[0]?.withheldHeaders).toEqual(['strict-transport-security', 'max-age=1']);
  });
});

test('An upstream on ::1 alone is told', async () => {
  const lonely = http.createServer((_, response) => response.end('v6'));
  proxy = await startProxy([portRoute('example.com', await listenOn(lonely, '::1'))], {
    onNotice: (notice) => notices.push(notice),
  });
  for (let round = 0; round < 3; round += 1) expect((await askHttp1(proxy)).body).toBe('v6');
  expect(notices).toMatchObject([{ code: 'LOOPBACK_FAMILY', message: expect.stringContaining('::1') }]);
  lonely.close();
});

test('Next.js refuses a WebSocket with a text that is no HTTP, which is recognised', async () => {
  const next = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('Unauthorized'));
  });
  proxy = await startProxy([portRoute('example.com', await listenOn(next))], {
    onNotice: (notice) => notices.push(notice),
  });
  expect((await openHttp1(proxy, '/_next/webpack-hmr')).head).toMatch(/^HTTP\/1\.1 502 /);
  expect(notices).toMatchObject([{ code: 'UPSTREAM_BLOCKS_HOST', framework: 'Next.js' }]);
  next.close();
});

test('What a listener throws never touches the request', async () => {
  proxy = await startProxy([portRoute('example.com', port)], {
    onNotice: () => {
      throw new Error('listener');
    },
  });
  expect((await askHttp1(proxy, { path: '/vite' })).body).toContain('Blocked request.');
  expect((await askHttp2(proxy, { path: '/hsts' })).body).toBe('fine');
});
