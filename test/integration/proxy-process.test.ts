import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerProcess } from '../../src/system/server-process.ts';
import { askHttp1, askHttp2, sendRaw, until } from '../helpers/proxy-clients.ts';
import { portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

let state: ServerProcess = {
  command: 'npm run dev',
  state: 'starting',
  pid: 4711,
  lastExit: null,
  lastLines: [],
};
let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await startProxy([
    {
      ...portRoute('example.com', 1),
      upstream: { kind: 'port', port: 1, label: 'npm run dev', process: () => state },
    },
  ]);
});
afterAll(async () => {
  await proxy.close();
});

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)('A request over %s for a command', (_name, ask) => {
  test('that has not opened its port yet says so', async () => {
    state = { ...state, state: 'starting', pid: 4711, lastExit: null };
    proxy.exchanges.length = 0;
    const answer = await ask(proxy);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: {
        code: 'ERR_UPSTREAM_UNREACHABLE',
        hint: '"npm run dev" has been started, but it has not opened its port yet.',
      },
      upstream: { label: 'npm run dev', process: { state: 'starting', pid: 4711 } },
    });
    await until(() => proxy.exchanges.length > 0);
    expect(proxy.exchanges[0]?.failure?.hint).toContain('not opened its port yet');
  });

  test('that crashed shows how, and its last words, on a page that is small and loads itself again', async () => {
    state = {
      ...state,
      state: 'waiting to restart',
      pid: null,
      lastExit: 'exit code 1',
      lastLines: [
        ...Array.from({ length: 5_000 }, (_, at) => `${at} ${'"'.repeat(400)}`),
        "Error: Cannot find module <'./missing'>",
      ],
    };
    const answer = await ask(proxy, { headers: { 'sec-fetch-mode': 'navigate', accept: 'text/html' } });
    expect(answer.status).toBe(502);
    expect(answer.body.length).toBeLessThan(10_000);
    expect(answer.body).toContain('ended (exit code 1) and is started again shortly');
    expect(answer.body).toContain('Error: Cannot find module &lt;&#39;./missing&#39;&gt;</pre>');
    expect(answer.body).toContain('location.reload');
  });
});

test('A WebSocket handshake gets the same facts', async () => {
  state = { ...state, state: 'stopped', lastExit: 'SIGSEGV', lastLines: ['bye'] };
  const answer = await sendRaw(
    proxy,
    'GET / HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 502 /);
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
    error: { hint: expect.stringContaining('ended (SIGSEGV) and is not started again') },
    upstream: { process: { state: 'stopped', lastLines: ['bye'] } },
  });
});

test('The page is served again by the upstream once it is there', async () => {
  const late = http.createServer((_, response) => response.end('here'));
  const before = await askHttp1(proxy, { method: 'HEAD' });
  expect(before.headers['x-jwt-dev-error']).toBe('ERR_UPSTREAM_UNREACHABLE');
  await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
  const address = late.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  proxy.proxy.setRoutes([portRoute('example.com', port)]);
  const after = await askHttp1(proxy, { method: 'HEAD' });
  expect(after.headers['x-jwt-dev-error']).toBeUndefined();
  late.close();
});
