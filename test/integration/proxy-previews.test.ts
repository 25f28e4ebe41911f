import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BodyStart, Exchange } from '../../src/proxy/types.ts';
import { askHttp1, askHttp2, connectHttp2 } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

const KEPT = 16 * 1024;
const LARGE = Buffer.from('0123456789'.repeat(100_000));
const COMPRESSED = gzipSync('{"access":"x"}');
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** Lets the second half of a streamed answer go. */
let release: (() => void) | undefined;

/** What each path answers. */
const PATHS: Readonly<
  Record<string, (request: http.IncomingMessage, response: http.ServerResponse) => void>
> = {
  '/json': (_, response) => response.writeHead(200, JSON_TYPE).end('{"a":1}'),
  '/problem': (_, response) =>
    response.writeHead(403, { 'content-type': 'application/problem+json' }).end('{"code":"no"}'),
  '/large': (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(LARGE),
  '/gzip': (_, response) =>
    response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'GZIP' }).end(COMPRESSED),
  '/script': (_, response) =>
    response.writeHead(200, { 'content-type': 'text/javascript' }).end('let a = 1;'),
  '/style': (_, response) => response.writeHead(200, { 'content-type': 'text/css' }).end('a {}'),
  '/image': (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end('png'),
  '/untyped': (_, response) => response.writeHead(200).end('{}'),
  '/204': (_, response) => response.writeHead(204, JSON_TYPE).end(),
  '/304': (_, response) => response.writeHead(304, { ...JSON_TYPE, 'content-length': '7' }).end(),
  '/stream': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
    release = () => response.end('data: 2\n\n');
  },
  '/broken': (_, response) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': '100' });
    response.write('{"half":');
    setImmediate(() => response.destroy());
  },
};

let upstream: http.Server;
let proxy: RunningProxy;

beforeAll(async () => {
  upstream = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const answer = PATHS[request.url ?? ''];
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response);
    });
    request.on('error', () => undefined);
  });
  const port = await listenOn(upstream);
  proxy = await startProxy([portRoute('example.com', port), portRoute('api.example.com', port)], {
    previews: () => true,
  });
});
afterAll(async () => {
  await proxy.close();
  upstream.closeAllConnections();
  upstream.close();
});
beforeEach(() => {
  proxy.exchanges.length = 0;
  release = undefined;
});

async function only(): Promise<Exchange> {
  await vi.waitFor(() => expect(proxy.exchanges).toHaveLength(1), { timeout: 10_000 });
  return proxy.exchanges[0] as Exchange;
}
function described(body: BodyStart | null): object | null {
  if (body === null) return null;
  const { size, kept, encoding } = body;
  return { size, kept, encoding, text: Buffer.from(body.start()).toString('latin1') };
}

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)('over %s', (_, ask) => {
  test.each([
    ['/json', '{"a":1}'],
    ['/problem', '{"code":"no"}'],
  ])('the answer of %s is kept', async (path, text) => {
    expect((await ask(proxy, { path })).body).toBe(text);
    const { responseBody, requestBody } = await only();
    expect(described(responseBody)).toEqual({ size: text.length, kept: text.length, encoding: null, text });
    expect(requestBody).toBeNull();
  });

  test.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'application/xml'])(
    'a request of %s is kept',
    async (type) => {
      await ask(proxy, {
        path: '/204',
        method: 'POST',
        headers: { 'content-type': type, 'content-length': '3' },
        body: 'a=1',
      });
      const { responseBody, requestBody } = await only();
      expect(described(requestBody)).toEqual({ size: 3, kept: 3, encoding: null, text: 'a=1' });
      expect(responseBody).toBeNull();
    },
  );

  test('of what is long the beginning is kept, and the size is right', async () => {
    const answer = await ask(proxy, {
      path: '/large',
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'content-length': String(LARGE.length) },
      body: LARGE,
    });
    expect(answer.body).toBe(LARGE.toString());
    const { responseBody, requestBody } = await only();
    for (const body of [responseBody, requestBody]) {
      expect(described(body)).toEqual({
        size: LARGE.length,
        kept: KEPT,
        encoding: null,
        text: LARGE.subarray(0, KEPT).toString(),
      });
    }
  });

  test('what is compressed stays so', async () => {
    await ask(proxy, { path: '/gzip' });
    expect(described((await only()).responseBody)).toEqual({
      size: COMPRESSED.length,
      kept: COMPRESSED.length,
      encoding: 'gzip',
      text: COMPRESSED.toString('latin1'),
    });
  });

  test.each(['/script', '/style', '/image', '/untyped', '/204', '/304'])(
    'nothing is kept of %s',
    async (path) => {
      await ask(proxy, { path });
      expect((await only()).responseBody).toBeNull();
    },
  );

  test('nothing is kept of an answer to HEAD', async () => {
    await ask(proxy, { path: '/json', method: 'HEAD' });
    expect((await only()).responseBody).toBeNull();
  });

  test('an answer that breaks off leaves what there was of it', async () => {
    await expect(ask(proxy, { path: '/broken' })).rejects.toThrow();
    const { responseBody, failure } = await only();
    expect(failure?.code).toBe('ERR_UPSTREAM_CLOSED');
    await vi.waitFor(() =>
      expect(described(responseBody)).toEqual({ size: 8, kept: 8, encoding: null, text: '{"half":' }),
    );
  });
});

test('an answer that streams still does, and a client that leaves takes nothing of the record with it', async () => {
  const session = connectHttp2(proxy);
  const stream = session.request({ ':path': '/stream', ':authority': `example.com:${proxy.httpsPort}` });
  const first = await new Promise<Buffer>((resolve) => stream.once('data', resolve));
  // The upstream has not gone on: nothing on the way waits for more.
  expect(first.toString()).toBe('data: 1\n\n');
  expect(release).toBeTypeOf('function');
  stream.close(http2Cancel);
  const { responseBody, failure } = await only();
  expect(failure?.code).toBe('ERR_CLIENT_ABORTED');
  expect(described(responseBody)).toEqual({ size: 9, kept: 9, encoding: null, text: 'data: 1\n\n' });
  session.close();
});

/** CANCEL of RFC 9113, section 7. */
const http2Cancel = 8;

test('what is forgotten is gone, and what comes after is only counted', async () => {
  const stream = askHttp1(proxy, { path: '/stream' });
  await vi.waitFor(() => expect(release).toBeTypeOf('function'));
  release?.();
  await stream;
  const { responseBody } = await only();
  responseBody?.forget();
  expect(described(responseBody)).toEqual({ size: 18, kept: 0, encoding: null, text: '' });
});

test('a proxy that is not told to keeps nothing', async () => {
  const port = await listenOn(
    http.createServer((_, response) => response.writeHead(200, JSON_TYPE).end('{}')).unref(),
  );
  const plain = await startProxy([portRoute('example.com', port)]);
  await askHttp1(plain, { method: 'POST', headers: { ...JSON_TYPE, 'content-length': '2' }, body: '{}' });
  await vi.waitFor(() => expect(plain.exchanges).toHaveLength(1));
  expect(plain.exchanges[0]).toMatchObject({ requestBody: null, responseBody: null });
  await plain.close();
});
