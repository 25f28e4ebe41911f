import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectRaw, sendRaw } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

const seen: string[] = [];
const upstream = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    seen.push(`${request.method} ${request.url} ${body}`);
    response.end('answer');
  });
});
let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await startProxy([portRoute('example.com', await listenOn(upstream))], {
    limits: { headerBytes: 16_384, requestHeadersTimeoutMs: 300, clientIdleTimeoutMs: 1_000 },
  });
});
beforeEach(() => {
  seen.length = 0;
});
afterAll(async () => {
  await proxy.close();
  upstream.close();
});

const HOST = 'Host: example.com\r\n';
const SECOND = 'GET /smuggled HTTP/1.1\r\nHost: example.com\r\n\r\n';

describe('HTTP/1.1 that two parsers could read differently is refused, and nothing of it reaches the upstream', () => {
  test.each([
    [
      'Content-Length and Transfer-Encoding',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'Transfer-Encoding and Content-Length',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'two lengths that differ',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 0\r\nContent-Length: 40\r\n\r\n${SECOND}`,
    ],
    [
      'two lengths that are equal',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc${SECOND}`,
    ],
    ['a list of lengths', `POST / HTTP/1.1\r\n${HOST}Content-Length: 3, 3\r\n\r\nabc${SECOND}`],
    ['a length with a sign', `POST / HTTP/1.1\r\n${HOST}Content-Length: +3\r\n\r\nabc${SECOND}`],
    ['a length that is not a number', `POST / HTTP/1.1\r\n${HOST}Content-Length: 3x\r\n\r\nabc${SECOND}`],
    [
      'a length beyond 64 bits',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 18446744073709551617\r\n\r\na${SECOND}`,
    ],
    [
      'chunked that is not last',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'a space before the colon',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    ['a folded line', `POST / HTTP/1.1\r\n${HOST}X: a\r\n Transfer-Encoding: chunked\r\n\r\n${SECOND}`],
    [
      'a folded Transfer-Encoding',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'a chunk size that is not hex',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n${SECOND}`,
    ],
    [
      'a chunk size with 0x',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'a chunk that is longer than its size',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'a chunk size beyond 64 bits',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'a bare LF after a chunk size',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n${SECOND}`,
    ],
    ['a bare CR in a value', `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n${SECOND}`],
    ['a bare LF between lines', `POST / HTTP/1.1\r\n${HOST}X: a\nContent-Length: 40\r\n\r\n${SECOND}`],
    ['a NUL in a value', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n${SECOND}`],
    ['a name with a space', `GET / HTTP/1.1\r\n${HOST}X Y: a\r\n\r\n${SECOND}`],
    ['an empty name', `GET / HTTP/1.1\r\n${HOST}: a\r\n\r\n${SECOND}`],
    ['two Host fields', `GET / HTTP/1.1\r\n${HOST}Host: api.example.com\r\nConnection: close\r\n\r\n`],
    ['a Host with a path', 'GET / HTTP/1.1\r\nHost: example.com/x\r\nConnection: close\r\n\r\n'],
    ['a Host with user information', 'GET / HTTP/1.1\r\nHost: a@example.com\r\nConnection: close\r\n\r\n'],
    ['a space in the target', `GET /a b HTTP/1.1\r\n${HOST}\r\n`],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['another protocol version', `GET / HTTP/3.7\r\n${HOST}\r\n`],
    ['an HTTP/2 preface on HTTP/1.1', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a target that is no path', `GET x HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ['bytes that are no HTTP', '\x01\x02\x03\x04\r\n\r\n'],
  ])('%s', async (_name, text) => {
    const answer = await sendRaw(proxy, text);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(answer).toMatch(/access-control-allow-origin: https:\/\/example\.com\r\n/i);
    expect(seen).toEqual([]);
  });
});

test.each(['xchunked', 'gzip, chunked', 'chunked, chunked'])(
  'The transfer coding %s is refused',
  async (coding) => {
    const answer = await sendRaw(
      proxy,
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n${SECOND}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 (400|501) /);
    expect(answer).not.toContain('200 OK');
    expect(seen).toEqual([]);
  },
);

test('Pipelined requests are answered in order', async () => {
  const answer = await sendRaw(
    proxy,
    `POST /1 HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\n${HOST}\r\nGET /3 HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
  );
  expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
  expect([...seen].sort()).toEqual(['GET /2 ', 'GET /3 ', 'POST /1 abc']);
});

test('What follows a request that ends the connection is not taken', async () => {
  const answer = await sendRaw(proxy, `GET /1 HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n${SECOND}`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(seen).toEqual(['GET /1 ']);
});

test('A chunked body with extensions and trailers arrives whole', async () => {
  await sendRaw(
    proxy,
    `POST / HTTP/1.1\r\n${HOST}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n`,
  );
  expect(seen).toEqual(['POST / abcde']);
});

test('A field that Connection names cannot take framing or credentials away', async () => {
  await sendRaw(
    proxy,
    `POST / HTTP/1.1\r\n${HOST}Connection: close, content-length, cookie, host\r\nContent-Length: 3\r\n\r\nabc`,
  );
  expect(seen).toEqual(['POST / abc']);
});

test('Headers beyond the limit are 431, readable for the frontend', async () => {
  const answer = await sendRaw(proxy, `GET / HTTP/1.1\r\n${HOST}Cookie: ${'a'.repeat(20_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toMatch(/access-control-allow-origin: https:\/\/example\.com\r\n/i);
  expect(answer).toContain('cookies');
});

test('A header section that does not end is 408', async () => {
  expect(await sendRaw(proxy, 'GET / HTTP/1.1\r\nHost: exa')).toMatch(/^HTTP\/1\.1 408 /);
});

test('A header section that does not end is 408 also on a connection that was used before', async () => {
  const socket = await connectRaw(proxy);
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    if (received.endsWith('answer')) socket.write('GET /2 HTTP/1.1\r\nHost:');
  });
  socket.write(`GET /1 HTTP/1.1\r\n${HOST}\r\n`);
  await new Promise((resolve) => socket.once('close', resolve));
  expect(received).toMatch(/HTTP\/1\.1 408 /);
});
