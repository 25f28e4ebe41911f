import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/proxy/types.ts';
import {
  type Answer,
  askHttp1,
  askHttp2,
  connectHttp2,
  connectRaw,
  type Question,
  sendRaw,
  until,
} from '../helpers/proxy-clients.ts';
import {
  listenOn,
  makeCertificate,
  portRoute,
  type RunningProxy,
  startProxy,
} from '../helpers/proxy-fixture.ts';

/** Misbehaves as the path says. */
const rude = net.createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const path = chunk.toString('latin1').split(' ')[1] ?? '';
    if (path.startsWith('/close')) socket.end();
    if (path.startsWith('/reset')) socket.resetAndDestroy();
    if (path.startsWith('/garbage')) socket.end('SSH-2.0-OpenSSH\r\n');
    if (path.startsWith('/partial'))
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy());
    if (path.startsWith('/badchunk'))
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\nXYZ\r\n');
    if (path.startsWith('/both'))
      socket.end(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n4\r\nbody\r\n0\r\n\r\n',
      );
    if (path.startsWith('/control'))
      socket.end('HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n');
    if (path.startsWith('/huge'))
      socket.end(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(100_000)}\r\nContent-Length: 0\r\n\r\n`);
    if (path.startsWith('/twice'))
      socket.end(
        'HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nX-Content-Type-Options: nosniff\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 2\r\n\r\nok',
      );
    if (path.startsWith('/upgrade'))
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
    if (path.startsWith('/oddhint'))
      socket.end(
        'HTTP/1.1 103 Early Hints\r\nLink: no link at all\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      );
    if (path.startsWith('/early'))
      socket.end('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig');
  });
});

let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await startProxy(
    [portRoute('example.com', await listenOn(rude)), portRoute('api.example.com', 1)],
    {
      limits: { upstreamHeadersTimeoutMs: 200, requestBodyIdleTimeoutMs: 200 },
    },
  );
});
afterAll(async () => {
  await proxy.close();
  rude.close();
});

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)('Over %s', (_name, ask: (proxy: RunningProxy, question?: Question) => Promise<Answer>) => {
  test('a dead upstream is 502, readable for the frontend, as JSON for a fetch', async () => {
    const answer = await ask(proxy, {
      hostname: 'api.example.com',
      headers: { origin: 'https://example.com', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    });
    expect(answer.status).toBe(502);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://example.com',
      'access-control-allow-credentials': 'true',
      'content-type': 'application/json',
      'x-jwt-dev-error': 'ERR_UPSTREAM_UNREACHABLE',
    });
    expect(answer.headers.vary).toContain('Origin');
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'ERR_UPSTREAM_UNREACHABLE', message: 'Nothing answers at 127.0.0.1:1 (ECONNREFUSED).' },
    });
  });

  test('a dead upstream is a small page for a person', async () => {
    const answer = await ask(proxy, {
      hostname: 'api.example.com',
      headers: { 'sec-fetch-mode': 'navigate', accept: 'text/html' },
    });
    expect(answer.status).toBe(502);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('127.0.0.1:1');
    expect(answer.body.length).toBeLessThan(10_000);
  });

  test('the preflight for a dead upstream is granted to the frontend, so that the 502 can be read', async () => {
    const preflight = {
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    };
    const granted = await ask(proxy, {
      hostname: 'api.example.com',
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', ...preflight },
    });
    expect(granted.status).toBe(204);
    expect(granted.headers).toMatchObject({
      'access-control-allow-origin': 'https://example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '0',
    });
    const foreign = await ask(proxy, {
      hostname: 'api.example.com',
      method: 'OPTIONS',
      headers: { origin: 'https://evil.test', ...preflight },
    });
    expect(foreign.status).toBe(502);
    expect(foreign.headers['access-control-allow-origin']).toBe('https://example.com');
  });

  test('HEAD to a dead upstream has no body', async () => {
    expect(await ask(proxy, { hostname: 'api.example.com', method: 'HEAD' })).toMatchObject({
      status: 502,
      body: '',
    });
  });

  test.each([
    ['/close', 502, 'ERR_UPSTREAM_CLOSED'],
    ['/reset', 502, 'ERR_UPSTREAM_CLOSED'],
    ['/garbage', 502, 'ERR_UPSTREAM_PROTOCOL'],
    ['/control', 502, 'ERR_UPSTREAM_PROTOCOL'],
    ['/huge', 502, 'ERR_UPSTREAM_PROTOCOL'],
    ['/both', 502, 'ERR_UPSTREAM_PROTOCOL'],
    ['/upgrade', 502, 'ERR_UPSTREAM_PROTOCOL'],
    ['/hang', 504, 'ERR_UPSTREAM_TIMEOUT'],
  ])('an upstream that does %s is %i %s', async (path, status, code) => {
    const answer = await ask(proxy, { path });
    expect(answer.status).toBe(status);
    expect(answer.headers['x-jwt-dev-error']).toBe(code);
    expect(answer.headers['access-control-allow-origin']).toBe('https://example.com');
  });

  test.each(['/partial', '/badchunk'])(
    'an upstream that breaks off (%s) breaks the answer off',
    async (path) => {
      proxy.exchanges.length = 0;
      await expect(ask(proxy, { path })).rejects.toThrow();
      const seen = (): Exchange | undefined => proxy.exchanges.find((exchange) => exchange.path === path);
      await until(() => seen() !== undefined);
      expect(seen()?.status).toBe(200);
      expect(seen()?.failure?.code).toMatch(/^ERR_UPSTREAM_/);
    },
  );

  test('a field that the upstream repeats keeps its values', async () => {
    const answer = await ask(proxy, { path: '/twice' });
    expect(answer).toMatchObject({ status: 200, body: 'ok' });
    expect(answer.headers['x-content-type-options']).toBe('nosniff, nosniff');
  });

  test('a hint that cannot be sent on does not fail the answer', async () => {
    expect(await ask(proxy, { path: '/oddhint' })).toMatchObject({ status: 200, body: 'ok' });
  });

  test('an answer that comes before the end of the request gets through', async () => {
    const answer = await ask(proxy, { path: '/early', method: 'POST', body: Buffer.alloc(300_000) });
    expect(answer).toMatchObject({ status: 413, body: 'big' });
  });

  test('POST to an upstream that drops it is not repeated', async () => {
    expect(await ask(proxy, { path: '/close', method: 'POST', body: 'x' })).toMatchObject({ status: 502 });
  });
});

test('A client that leaves in the middle of a request to a dead upstream does no harm', async () => {
  const socket = await connectRaw(proxy);
  socket.write('POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 100\r\n\r\nonly this');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
  const session = connectHttp2(proxy);
  const stream = session.request(
    { ':method': 'POST', ':authority': 'api.example.com' },
    { endStream: false },
  );
  stream.on('error', () => undefined);
  stream.write('only this');
  await new Promise((resolve) => stream.once('response', resolve));
  session.destroy();
  await until(
    () => proxy.exchanges.filter((exchange) => exchange.hostname === 'api.example.com').length >= 2,
  );
  expect((await askHttp1(proxy, { hostname: 'api.example.com' })).status).toBe(502);
});

test('A client that stops in the middle of its body is told so', async () => {
  const socket = await connectRaw(proxy);
  socket.write('POST /hang HTTP/1.1\r\nHost: example.com\r\nContent-Length: 100\r\n\r\nonly this');
  const [answer] = await new Promise<[Buffer]>((resolve) =>
    socket.once('data', (chunk: Buffer) => resolve([chunk])),
  );
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 (408|504) /);
  socket.destroy();
});

test('A client that waits to be told to go on gets the failure at once, and the connection ends', async () => {
  const answer = await sendRaw(
    proxy,
    'POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 502 .*connection: close/is);
});

test('An upstream whose certificate nobody vouches for is 502, and says what to do', async () => {
  const upstream = await startProxy([]);
  const url = `https://127.0.0.1:${upstream.httpsPort}`;
  const untrusting = await startProxy([
    { hostname: 'example.com', role: 'frontend', upstream: { kind: 'url', url, label: url }, paths: [] },
  ]);
  const answer = await askHttp2(untrusting);
  expect(answer).toMatchObject({ status: 502, headers: { 'x-jwt-dev-error': 'ERR_UPSTREAM_TLS' } });
  await untrusting.close();
  await upstream.close();
});

test('A host that is not named is 400', async () => {
  const answer = await sendRaw(proxy, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 .*ERR_HOST_MISSING/s);
});

test('An absolute target wins over Host', async () => {
  const answer = await sendRaw(
    proxy,
    'GET https://api.example.com/x HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 502 .*127\.0\.0\.1:1 /s);
});

test('A server name that the certificate lacks is refused in the handshake, with and without ALPN', async () => {
  await expect(connectRaw(proxy, { servername: 'other.test', ALPNProtocols: ['h2'] })).rejects.toMatchObject({
    code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  });
  const socket = await connectRaw(proxy, { servername: 'other.test' });
  await new Promise((resolve) => socket.once('close', resolve));
});

test('A client without a server name gets the certificate', async () => {
  const socket = await connectRaw(proxy, { servername: '' });
  expect(socket.getPeerCertificate().subject.CN).toBe('example.com');
  socket.destroy();
});

test('A failed handshake is reported', async () => {
  const failures: string[] = [];
  const watched = await startProxy([], { onTlsFailure: (failure) => failures.push(failure.code) });
  const answer = await connectRaw(watched, { ca: [] }).catch(
    (error: Error & { code?: string }) => error.code,
  );
  expect(answer).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  await expect(
    connectRaw(watched, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  ).rejects.toThrow();
  await until(() => failures.length > 0);
  await watched.close();
});

describe('Plain http', () => {
  const askPlain = (
    port: number,
    path: string,
    host: string,
    headers: http.OutgoingHttpHeaders = {},
  ): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      http
        .get({ host: '127.0.0.1', port, path, headers: { host, ...headers }, agent: false }, (response) => {
          response.resume();
          resolve(response);
        })
        .on('error', reject);
    });

  test.each(['httpPort', 'httpsPort'] as const)('on the %s is redirected to https', async (which) => {
    const answer = await askPlain(proxy[which] ?? 0, '/a//b?c=d', 'example.com:80');
    expect(answer.statusCode).toBe(308);
    expect(answer.headers.location).toBe(`https://example.com:${proxy.httpsPort}/a//b?c=d`);
  });

  test('for an unknown host is 421', async () => {
    expect((await askPlain(proxy.httpPort ?? 0, '/', 'evil.test')).statusCode).toBe(421);
  });

  test('from an upstream that leads back to the proxy is a loop', async () => {
    expect(
      (await askPlain(proxy.httpPort ?? 0, '/', 'example.com', { 'x-jwt-dev-hops': '1' })).statusCode,
    ).toBe(508);
    const looping = await startProxy([]);
    looping.proxy.setRoutes([
      portRoute('example.com', looping.httpsPort),
      portRoute('api.example.com', looping.httpPort ?? 0),
    ]);
    expect((await askHttp2(looping)).status).toBe(508);
    expect((await askHttp1(looping, { hostname: 'api.example.com' })).status).toBe(508);
    await looping.close();
  });
});

test('A loop through the proxy itself over https ends with 508', async () => {
  const hostnames = ['example.com', 'localhost'];
  const certificate = await makeCertificate(hostnames);
  const looping = await startProxy([], { tls: certificate, hostnames });
  looping.proxy.setRoutes([
    {
      hostname: 'example.com',
      role: 'frontend',
      paths: [],
      upstream: {
        kind: 'url',
        url: `https://localhost:${looping.httpsPort}`,
        ca: certificate.cert,
        label: 'itself',
      },
    },
  ]);
  expect(await askHttp1(looping)).toMatchObject({ status: 508 });
  await looping.close();
});
