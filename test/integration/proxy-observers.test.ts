import http from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createTrafficWatch } from '../../src/environment/watch/traffic-watch.ts';
import type { ProxyDeps } from '../../src/proxy/types.ts';
import {
  type Answer,
  askHttp1,
  askHttp2,
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
    const [, status = '200', length = '0'] = (request.url ?? '').split('/');
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
