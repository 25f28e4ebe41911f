import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createTrafficWatch } from '../../src/environment/watch/traffic-watch.ts';
import type { ProxyDeps } from '../../src/proxy/types.ts';
import {
  type Answer,
  askHttp1,
  askHttp2,
  connectHttp2,
  connectRaw,
  type Question,
  until,
} from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

const upstream = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    const [, status = '200', length = '0', framing] = (request.url ?? '').split('/');
    if (framing === 'whole') response.setHeader('content-length', 2 * Number(length));
    response.writeHead(Number(status), { 'content-type': 'application/json', 'x-sent': body.length });
    response.end('é'.repeat(Number(length)));
  });
});
let port = 0;

beforeAll(async () => {
  port = await listenOn(upstream);
});
afterAll(() => {
  upstream.close();
});

async function start(deps: Partial<ProxyDeps> = {}): Promise<RunningProxy> {
  const proxy = await startProxy([portRoute('example.com', port), portRoute('api.example.com', port)], deps);
  onTestFinished(() => proxy.close());
  return proxy;
}

test('the beginning of a refusal is told with the exchange; other bodies are not looked at', async () => {
  const proxy = await start();
  for (const ask of [askHttp1, askHttp2]) {
    for (const path of ['/401/3', '/500/4000', '/403/0', '/200/50']) {
      const answer = await ask(proxy, { path });
      expect(answer.body.length).toBe(Number(path.split('/')[2]) * 2);
    }
  }
  await until(() => proxy.exchanges.length === 8);
  const refusals = proxy.exchanges.map(({ refusal }) => refusal);
  const expected = ['ééé', 'é'.repeat(1_024), '', null];
  expect(refusals).toEqual([...expected, ...expected]);
});

test('an exchange that went through has no failure, with a body in the request and without', async () => {
  const proxy = await start();
  for (const ask of [askHttp1, askHttp2]) {
    for (const path of ['/200/1', '/200/400000', '/401/20', '/204/0', '/200/3/whole', '/200/400000/whole']) {
      await ask(proxy, { path });
      await ask(proxy, { path, method: 'POST', body: '{"a":1}', headers: { 'content-length': '7' } });
      const body = 'x'.repeat(300_000);
      await ask(proxy, { path, method: 'POST', body, headers: { 'content-length': '300000' } });
    }
  }
  await until(() => proxy.exchanges.length === 36);
  expect(proxy.exchanges.map(({ failure }) => failure)).toEqual(proxy.exchanges.map(() => null));
});

test.each(['--http1.1', '--http2'])('the same of curl %s', async (version) => {
  const proxy = await start();
  for (const send of [[], ['--data', '{}'], ['--head']]) {
    const { stdout } = await promisify(execFile)('curl', [
      '--silent',
      '--insecure',
      '--noproxy',
      '*',
      '--resolve',
      `example.com:${proxy.httpsPort}:127.0.0.1`,
      version,
      ...send,
      `https://example.com:${proxy.httpsPort}/200/3/whole`,
    ]);
    expect(stdout).not.toBe('');
  }
  await until(() => proxy.exchanges.length === 3);
  expect(proxy.exchanges.map(({ failure }) => failure)).toEqual([null, null, null]);
});

test('a client of HTTP/2 that leaves in the middle of an answer that is all sent has aborted', async () => {
  const proxy = await start();
  const leave = [
    (session: ClientHttp2Session) => session.destroy(),
    (_: ClientHttp2Session, stream: ClientHttp2Stream) => stream.close(constants.NGHTTP2_CANCEL),
  ];
  for (const how of leave) {
    for (const method of ['GET', 'POST']) {
      const session = connectHttp2(proxy);
      const stream = session.request({
        ':method': method,
        ':path': '/200/2000000',
        ':authority': 'example.com',
      });
      stream.end(method === 'POST' ? 'x' : undefined);
      await once(stream, 'data');
      how(session, stream);
      session.destroy();
    }
  }
  await until(() => proxy.exchanges.length === 4);
  expect(proxy.exchanges.map(({ failure }) => failure?.code)).toEqual(
    proxy.exchanges.map(() => 'ERR_CLIENT_ABORTED'),
  );
});

const questions = fc.array(
  fc.record({
    hostname: fc.constantFrom('example.com', 'api.example.com'),
    method: fc.constantFrom('GET', 'POST', 'HEAD', 'DELETE'),
    path: fc
      .tuple(fc.constantFrom(200, 201, 204, 304, 400, 401, 403, 500), fc.constantFrom(0, 1, 1_024, 40_000))
      .map(([status, length]) => `/${status}/${length}`),
    body: fc.constantFrom('', 'x', 'x'.repeat(70_000)),
    cookie: fc.constantFrom('', 'a=1', '__jwtdev=1; a=1'),
  }),
  { minLength: 1, maxLength: 6 },
);

/** What a client sees of an answer, beside the date. */
const visible = ({ status, headers, body }: Answer) => ({ status, headers: { ...headers, date: '' }, body });

const asked = ({
  body,
  cookie,
  ...question
}: Question & { readonly body: string; readonly cookie: string }) => ({
  ...question,
  headers: cookie === '' ? {} : { cookie },
  ...(question.method === 'GET' || question.method === 'HEAD' ? {} : { body }),
});

async function expectSameAnswers(watched: RunningProxy, numRuns: number): Promise<void> {
  const plain = await start({ onExchange: () => undefined });
  await fc.assert(
    fc.asyncProperty(questions, async (all) => {
      for (const ask of [askHttp1, askHttp2]) {
        const [seen, expected] = await Promise.all(
          [watched, plain].map((proxy) => Promise.all(all.map((question) => ask(proxy, asked(question))))),
        );
        expect(seen?.map(visible)).toEqual(expected?.map(visible));
      }
    }),
    { numRuns },
  );
}

test('whatever observers throw, clients get what they would get without them', async () => {
  let thrown = 0;
  const fail = (): never => {
    thrown += 1;
    throw new Error('an observer is wrong');
  };
  const proxy = await start({ onExchange: fail, onNotice: fail, onTlsFailure: fail });
  await expectSameAnswers(proxy, 15);
  const handshakes = thrown;
  await expect(connectRaw(proxy, { ca: [] })).rejects.toThrow('self-signed certificate');
  await until(() => thrown > handshakes);
  const before = thrown;
  await askHttp1(proxy, { path: '/200/1' });
  await until(() => thrown > before);
});

test('however slow rules are, clients get their answers, and what was not looked at is counted', async () => {
  let looked = 0;
  const watch = createTrafficWatch({
    loadRules: async () => ({
      exchange: () => {
        looked += 1;
        const end = performance.now() + 15;
        while (performance.now() < end);
        return [];
      },
      passed: () => undefined,
      handshake: () => [],
    }),
    frontendHostname: 'example.com',
    port: () => 443,
    silence: [],
    onFinding: () => undefined,
    onWarning: () => undefined,
    now: () => new Date(),
    clock: () => performance.now(),
    limits: { waiting: 5, burstMs: 20 },
  });
  let told = 0;
  const proxy = await start({
    onExchange: (exchange) => {
      told += 1;
      watch.onExchange(exchange);
    },
  });
  await expectSameAnswers(proxy, 8);
  for (let count = 0; count < 20; count += 1)
    await askHttp1(proxy, { hostname: 'api.example.com', path: '/401/1' });
  await until(() => told >= 20);
  const { skipped } = await watch.findings();
  expect(skipped).toBeGreaterThan(0);
  expect(looked).toBeGreaterThan(0);
  await watch.close();
});
