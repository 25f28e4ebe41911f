import net from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/proxy/types.ts';
import { askHttp1, askHttp2, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

/** What the upstream sends, byte by byte, for the path of the request. */
const ANSWERS: Readonly<Record<string, string>> = {
  '/204': 'HTTP/1.1 204 No Content\r\n\r\n',
  '/204-length': 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
  '/204-body': 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nno',
  '/204-chunked': 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  '/205': 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n',
  '/304': 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
  '/304-length': 'HTTP/1.1 304 Not Modified\r\nContent-Length: 200\r\nETag: "a"\r\n\r\n',
  '/304-chunked': 'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n',
  '/102': 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  '/103-twice':
    'HTTP/1.1 103 E\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 103 E\r\nLink: </b>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  '/103-length':
    'HTTP/1.1 103 E\r\nContent-Length: 9\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 204 X\r\n\r\n',
  '/199': 'HTTP/1.1 199 X\r\nX-A: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  '/until-end': 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok',
  '/http10': 'HTTP/1.0 200 OK\r\n\r\nok',
  '/long': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokok',
  '/999': 'HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok',
  '/continue': 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  '/099': 'HTTP/1.1 099 X\r\nContent-Length: 2\r\n\r\nok',
  '/two-lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk',
  '/same-lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok',
  '/list-of-lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok',
  '/negative': 'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok',
  '/coded': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  '/folded': 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok',
  '/bare-lf': 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
  '/alert': '\x15\x03\x01\x00\x02\x02\x0a',
};

const server = net.createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const path = chunk.toString('latin1').split(' ')[1] ?? '';
    const bytes = Buffer.from(ANSWERS[path] ?? '', 'latin1');
    // Kept open where the answer says how long it is.
    if (/^\/(?:20|304|10|19|999)/.test(path)) socket.write(bytes);
    else socket.end(bytes);
  });
});
let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await startProxy([portRoute('example.com', await listenOn(server))]);
});
beforeEach(() => {
  proxy.exchanges.length = 0;
});
afterAll(async () => {
  await proxy.close();
  server.close();
});

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)('Over %s', (_name, ask) => {
  test.each([
    ['/204', 204, ''],
    ['/204-length', 204, ''],
    ['/204-body', 204, ''],
    ['/204-chunked', 204, ''],
    ['/205', 205, ''],
    ['/304', 304, ''],
    ['/304-length', 304, ''],
    ['/304-chunked', 304, ''],
    ['/102', 200, 'ok'],
    ['/103-twice', 200, 'ok'],
    ['/103-length', 204, ''],
    ['/199', 200, 'ok'],
    ['/until-end', 200, 'ok'],
    ['/http10', 200, 'ok'],
    ['/long', 200, 'ok'],
  ])('%s goes through as %i', async (path, status, body) => {
    expect(await ask(proxy, { path })).toMatchObject({ status, body });
    const ofPath = (): Exchange[] => proxy.exchanges.filter((exchange) => exchange.path === path);
    await until(() => ofPath().length > 0);
    expect(ofPath()).toMatchObject([{ status, failure: null }]);
  });

  test('an interim answer or a 204 has no length', async () => {
    for (const path of ['/204-body', '/204-length', '/103-length'])
      expect((await ask(proxy, { path })).headers['content-length']).toBeUndefined();
  });

  test('the length that a 304 names is kept', async () => {
    const answer = await ask(proxy, { path: '/304-length' });
    expect(answer.headers['content-length']).toBe('200');
  });

  test.each([
    ['/two-lengths', 'Content-Length'],
    ['/same-lengths', 'Content-Length'],
    ['/list-of-lengths', 'Content-Length'],
    ['/negative', 'Content-Length'],
    ['/coded', 'its transfer coding is gzip, chunked'],
    ['/099', 'its status is'],
    ['/folded', 'whitespace'],
    ['/bare-lf', 'CR'],
    ['/alert', 'Expected HTTP/'],
  ])('%s is 502, and says what is wrong', async (path, said) => {
    const answer = await ask(proxy, { path });
    expect(answer.status).toBe(502);
    const { error } = JSON.parse(answer.body) as { error: { code: string; message: string; hint: string } };
    expect(error.code).toBe('ERR_UPSTREAM_PROTOCOL');
    expect(error.message).toContain(said);
    if (path === '/alert') expect(error.hint).toContain('whether it wants https');
    else expect(error.hint).toContain('header fields or bodies by itself');
  });
});

test('A status that is none goes through where the protocol lets it', async () => {
  expect(await askHttp1(proxy, { path: '/999' })).toMatchObject({ status: 999, body: 'ok' });
  const answer = await askHttp2(proxy, { path: '/999' });
  expect(answer.status).toBe(502);
  expect(answer.body).toContain('Invalid status code: 999');
});

test('A server that sends 100 Continue unasked is answered by all the same; only the first POST is not repeated', async () => {
  const own = await startProxy([portRoute('example.com', await listenOn(createContinuing()))]);
  const body = 'abc';
  const first = await askHttp1(own, { path: '/continue', method: 'POST', body });
  expect(first.status).toBe(502);
  expect(first.body).toContain('100 Continue, which nothing had asked it for');
  for (const ask of [askHttp1, askHttp2]) {
    expect(await ask(own, { path: '/continue' })).toMatchObject({ status: 200, body: 'ok' });
    expect(await ask(own, { path: '/continue', method: 'POST', body })).toMatchObject({ body: 'ok' });
  }
  await own.close();

  const another = await startProxy([portRoute('example.com', await listenOn(createContinuing()))]);
  expect(await askHttp2(another, { path: '/continue' })).toMatchObject({ status: 200, body: 'ok' });
  await another.close();
});

const continuing: net.Server[] = [];
afterAll(() => {
  for (const one of continuing) one.close();
});

function createContinuing(): net.Server {
  const made = net.createServer((socket) => {
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      // After the whole request, as a server that does not look at Expect would.
      if (text.startsWith('POST') && !text.includes('abc')) return;
      socket.end(Buffer.from(ANSWERS['/continue'] ?? '', 'latin1'));
    });
  });
  continuing.push(made);
  return made;
}
