import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  askHttp1,
  askHttp2,
  connectHttp2,
  connectRaw,
  countConnections,
  sendRaw,
  until,
} from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly trailers: NodeJS.Dict<string>;
}

const seen: Seen[] = [];
let answered: (response: http.ServerResponse) => void;
const upstream = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString('latin1');
  });
  request.on('error', () => undefined);
  request.on('end', () => {
    const { method, url, headers, trailers } = request;
    seen.push({ method, url, headers, body, trailers });
    answered(response);
  });
});
let proxy: RunningProxy;

beforeAll(async () => {
  const port = await listenOn(upstream);
  proxy = await startProxy([portRoute('example.com', port), portRoute('api.example.com', 1)]);
});
beforeEach(() => {
  seen.length = 0;
  answered = (response) => response.end('fine');
});
afterAll(async () => {
  await proxy.close();
  upstream.close();
});

/** A POST over HTTP/1.1 with a chunked body and a trailer section; gives what comes back. */
async function postHttp1(head: string, trailer: string): Promise<string> {
  return sendRaw(
    proxy,
    `POST /x HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n${head}\r\n3\r\nabc\r\n0\r\n${trailer}\r\n`,
  );
}

/** A POST over HTTP/2 with a trailer section; gives the status. */
async function postHttp2(
  headers: Record<string, string>,
  body: string,
  trailers: Record<string, string>,
): Promise<number> {
  const session = connectHttp2(proxy);
  const stream = session.request(
    { ':method': 'POST', ':path': '/x', ':authority': 'example.com', ...headers },
    { endStream: false, waitForTrailers: true },
  );
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
  stream.resume();
  const status = await new Promise<number>((resolve, reject) => {
    stream.once('response', (answer) => resolve(Number(answer[':status'])));
    stream.once('error', reject);
  });
  session.close();
  return status;
}

describe('The trailer section of a request arrives', () => {
  test.each([
    ['announced', 'Trailer: X-Checksum\r\n'],
    ['not announced', ''],
  ])('over HTTP/1.1, %s', async (_name, head) => {
    expect(await postHttp1(head, 'X-Checksum: abc\r\n')).toMatch(/^HTTP\/1\.1 200 .*fine/s);
    expect(seen).toMatchObject([{ body: 'abc', trailers: { 'x-checksum': 'abc' } }]);
    expect(seen[0]?.headers['transfer-encoding']).toBe('chunked');
  });

  test.each([
    ['without a length', {}, 'abc'],
    ['with a length, announced', { 'content-length': '3', trailer: 'x-checksum' }, 'abc'],
    ['of an empty body', {}, ''],
  ])('over HTTP/2, %s', async (_name, headers, body) => {
    expect(await postHttp2(headers, body, { 'x-checksum': 'abc' })).toBe(200);
    expect(seen).toMatchObject([{ body, trailers: { 'x-checksum': 'abc' } }]);
    expect(seen[0]?.headers['content-length']).toBeUndefined();
  });

  test('without what may not stand there', async () => {
    const forbidden = 'Host: evil.test\r\nX-Forwarded-For: 6.6.6.6\r\nCookie: a=1\r\n';
    await postHttp1('', `X-A: 1\r\n${forbidden}X-B: 2\r\n`);
    expect(seen[0]?.trailers).toEqual({ 'x-a': '1', 'x-b': '2' });
    expect(seen[0]?.headers['host']).toBe('example.com');
  });
});

test('The trailer section of an answer cannot carry what HTTP/2 has no place for', async () => {
  const odd = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () =>
      socket.end(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nConnection: x\r\nTransfer-Encoding: gzip\r\nX-Sum: 1\r\n\r\n',
      ),
    );
  });
  const own = await startProxy([portRoute('example.com', await listenOn(odd))]);
  for (const ask of [askHttp1, askHttp2]) {
    const answer = await ask(own);
    expect(answer.body).toBe('ok');
    expect({ ...answer.trailers }).toMatchObject({ 'x-sum': '1' });
    expect(Object.keys(answer.trailers)).not.toContain('connection');
  }
  await own.close();
  odd.close();
});

describe('A request whose body has no length', () => {
  test('streams 64 MiB up and an answer down, with back-pressure', async () => {
    const block = Buffer.alloc(1024 * 1024, 'x');
    answered = (response) => response.end('got it');
    const request = https.request({
      host: '127.0.0.1',
      port: proxy.httpsPort,
      servername: 'example.com',
      ca: proxy.certificate.cert,
      method: 'PUT',
      path: '/x',
      headers: { host: 'example.com' },
      agent: false,
    });
    const answer = new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
    for (let at = 0; at < 64; at += 1) {
      if (!request.write(block)) await new Promise((resolve) => request.once('drain', resolve));
    }
    request.end();
    expect((await answer).statusCode).toBe(200);
    (await answer).resume();
    expect(seen[0]?.body.length).toBe(64 * 1024 * 1024);
  });

  test('gets 502 where nothing answers, and is not told to go on before', async () => {
    const answer = await sendRaw(
      proxy,
      'POST / HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 502 .*ERR_UPSTREAM_UNREACHABLE/s);
  });

  test('is told to go on where it waits for that', async () => {
    const answer = await askHttp1(proxy, {
      method: 'POST',
      headers: { expect: '100-continue', 'transfer-encoding': 'chunked' },
      body: 'late',
    });
    expect(answer).toMatchObject({ status: 200, informational: [100] });
    expect(seen[0]?.body).toBe('late');
  });

  test.each([
    ['breaks off', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', 'rejects'],
    ['answers early', 'HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig', 413],
    ['is no web server', 'SSH-2.0-OpenSSH\r\n', 502],
    ['closes without a word', '', 502],
    ['switches protocols', 'HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', 502],
    ['sends more than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokokok', 200],
    [
      'sends hints first',
      'HTTP/1.1 103 E\r\nLink: <a>\r\n\r\nHTTP/1.1 201 C\r\nContent-Length: 2\r\n\r\nok',
      201,
    ],
    ['sends a field that cannot go on', 'HTTP/1.1 200 OK\r\nX: a\x01\r\nContent-Length: 0\r\n\r\n', 502],
  ] as const)('to an upstream that %s', async (_name, bytes, expected) => {
    const rude = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes));
    });
    const own = await startProxy([portRoute('example.com', await listenOn(rude))]);
    for (const ask of [askHttp1, askHttp2]) {
      const headers = ask === askHttp1 ? { 'transfer-encoding': 'chunked' } : {};
      const asked = ask(own, { method: 'POST', headers, body: 'abc' });
      if (expected === 'rejects') await expect(asked).rejects.toThrow();
      else expect((await asked).status).toBe(expected);
    }
    await own.close();
    rude.close();
  });

  test('that its client gives up ends at the upstream, and leaves no connection', async () => {
    const before = countConnections();
    const active = new Set<http.IncomingMessage>();
    const slow = http.createServer((request) => {
      active.add(request);
      request.on('error', () => undefined);
      request.on('close', () => active.delete(request));
      request.resume();
    });
    const own = await startProxy([portRoute('example.com', await listenOn(slow))]);
    for (let at = 0; at < 20; at += 1) {
      const socket = await connectRaw(own);
      socket.write('POST / HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
      const session = connectHttp2(own);
      const stream = session.request(
        { ':method': 'POST', ':authority': 'example.com' },
        { endStream: false },
      );
      stream.on('error', () => undefined);
      stream.write('abc');
      await until(() => active.size === 2);
      socket.destroy();
      session.destroy();
      await until(() => active.size === 0);
    }
    await own.close();
    slow.close();
    await until(() => countConnections() <= before);
  });
});

describe('OPTIONS for the whole server', () => {
  test('arrives as that over HTTP/1.1', async () => {
    const answer = await sendRaw(
      proxy,
      'OPTIONS * HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*fine/s);
    expect(seen).toMatchObject([{ method: 'OPTIONS', url: '*', headers: { host: 'example.com' }, body: '' }]);
  });

  test('arrives as that over HTTP/2', async () => {
    expect((await askHttp2(proxy, { method: 'OPTIONS', path: '*' })).body).toBe('fine');
    expect(seen).toMatchObject([{ method: 'OPTIONS', url: '*' }]);
  });

  test('arrives as that where the target is the URI without a path', async () => {
    await sendRaw(
      proxy,
      'OPTIONS https://example.com HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n',
    );
    expect(seen).toMatchObject([{ method: 'OPTIONS', url: '*' }]);
  });

  test('is no target for other methods', async () => {
    const answer = await sendRaw(proxy, 'GET * HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    // Refused by the HTTP/2 library already (RFC 9113, section 8.3.1).
    await expect(askHttp2(proxy, { path: '*' })).rejects.toThrow();
  });

  test('of a dead upstream is 502', async () => {
    const answer = await sendRaw(
      proxy,
      'OPTIONS * HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
  });
});
