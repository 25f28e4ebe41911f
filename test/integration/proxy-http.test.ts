import type { IncomingMessage } from 'node:http';
import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/system/run.ts';
import { type Answer, askHttp1, askHttp2, type Question, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

/** Answers with what it received. */
function createUpstream(received: IncomingMessage[]): http.Server {
  return http.createServer((request, response) => {
    received.push(request);
    let body = '';
    request.setEncoding('latin1');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://x');
      if (url.pathname === '/cookies') {
        response.writeHead(200, [
          'Set-Cookie',
          'a=1; Path=/',
          'X-Between',
          'é',
          'set-cookie',
          'b="2, 3"; HttpOnly',
          'Set-Cookie',
          '',
        ]);
        return response.end('ok');
      }
      if (url.pathname === '/status') return response.writeHead(Number(url.searchParams.get('code'))).end();
      if (url.pathname === '/trailers') {
        response.writeHead(200, { trailer: 'x-checksum' });
        response.write('body');
        response.addTrailers({ 'x-checksum': 'abc' });
        return response.end();
      }
      if (url.pathname === '/hints') {
        response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
        return response.end('hinted');
      }
      if (url.pathname === '/hop') {
        response.writeHead(200, {
          connection: 'x-private',
          'x-private': 'gone',
          'keep-alive': 'timeout=9',
          'x-public': 'kept',
        });
        return response.end();
      }
      if (url.pathname === '/length') return response.writeHead(200, { 'content-length': '5' }).end('12345');
      return response.end(
        JSON.stringify({
          method: request.method,
          url: request.url,
          headers: request.rawHeaders,
          body,
          trailers: request.trailers,
        }),
      );
    });
  });
}

interface Echo {
  method: string;
  url: string;
  headers: string[];
  body: string;
}

function echoOf(answer: Answer): Echo {
  return JSON.parse(answer.body) as Echo;
}

function fieldsOf(list: readonly string[], name: string): string[] {
  return list.filter((_, at) => at % 2 === 1 && list[at - 1]?.toLowerCase() === name);
}

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)(
  'A request over %s',
  (_name, ask: (proxy: RunningProxy, question?: Question) => Promise<Answer>) => {
    const received: IncomingMessage[] = [];
    const upstream = createUpstream(received);
    let proxy: RunningProxy;
    let upstreamPort = 0;

    beforeAll(async () => {
      upstreamPort = await listenOn(upstream);
      proxy = await startProxy([
        portRoute('example.com', upstreamPort),
        portRoute('api.example.com', upstreamPort),
      ]);
    });
    afterAll(async () => {
      await proxy.close();
      upstream.close();
    });

    test('keeps method, path, query and the host as the client wrote them', async () => {
      const echo = echoOf(await ask(proxy, { method: 'PUT', path: '//a/../b%2F?x=1&x=2?', body: 'hello' }));
      expect(echo).toMatchObject({ method: 'PUT', url: '//a/../b%2F?x=1&x=2?', body: 'hello' });
      expect(fieldsOf(echo.headers, 'host')).toEqual([`example.com:${proxy.httpsPort}`]);
    });

    test('tells the upstream who asked, and overwrites what the client says about that', async () => {
      const echo = echoOf(
        await ask(proxy, {
          headers: {
            'x-forwarded-for': '6.6.6.6',
            'x-forwarded-proto': 'http',
            forwarded: 'for=6.6.6.6',
            'x-real-ip': '6.6.6.6',
          },
        }),
      );
      expect(fieldsOf(echo.headers, 'x-forwarded-for')).toEqual(['127.0.0.1']);
      expect(fieldsOf(echo.headers, 'x-forwarded-proto')).toEqual(['https']);
      expect(fieldsOf(echo.headers, 'x-forwarded-host')).toEqual([`example.com:${proxy.httpsPort}`]);
      expect(fieldsOf(echo.headers, 'x-forwarded-port')).toEqual([String(proxy.httpsPort)]);
      expect(fieldsOf(echo.headers, 'forwarded')).toEqual([
        `for=127.0.0.1;host="example.com:${proxy.httpsPort}";proto=https`,
      ]);
      expect(echo.headers.join()).not.toContain('6.6.6.6');
    });

    test('joins cookies into one field', async () => {
      const echo = echoOf(await ask(proxy, { headers: { cookie: ['a=1', 'b=2; c=3'] } }));
      expect(fieldsOf(echo.headers, 'cookie')).toEqual(['a=1; b=2; c=3']);
    });

    test('gets every Set-Cookie as its own field, byte for byte and in order', async () => {
      const answer = await ask(proxy, { path: '/cookies' });
      expect(answer.headers['set-cookie']).toEqual(['a=1; Path=/', 'b="2, 3"; HttpOnly', '']);
      expect(answer.headers['x-between']).toBe('é');
    });

    test('gets the fields that belong to the upstream connection removed', async () => {
      const answer = await ask(proxy, { path: '/hop' });
      expect(answer.headers['x-public']).toBe('kept');
      expect(answer.headers['x-private']).toBeUndefined();
      expect(answer.headers['keep-alive']).not.toBe('timeout=9');
    });

    test.each([204, 304, 404, 500, 201])('gets status %i as it is', async (code) => {
      expect(await ask(proxy, { path: `/status?code=${code}` })).toMatchObject({ status: code, body: '' });
    });

    test('HEAD gets the header section with its length and no body', async () => {
      const answer = await ask(proxy, { method: 'HEAD', path: '/length' });
      expect(answer).toMatchObject({ status: 200, body: '' });
      expect(answer.headers['content-length']).toBe('5');
    });

    test.each(['DELETE', 'OPTIONS', 'PATCH', 'POST', 'QUERY'])(
      '%s may have a body of unknown length',
      async (method) => {
        const answer = await ask(proxy, {
          method,
          body: 'some body',
          headers: ask === askHttp1 ? { 'transfer-encoding': 'chunked' } : {},
        });
        expect(echoOf(answer)).toMatchObject({ method, body: 'some body' });
        expect(fieldsOf(echoOf(answer).headers, 'content-length')).toEqual([]);
      },
    );

    test('POST without a body stays without one', async () => {
      const echo = echoOf(await ask(proxy, { method: 'POST', headers: { 'content-length': '0' } }));
      expect(echo).toMatchObject({ method: 'POST', body: '' });
      expect(fieldsOf(echo.headers, 'content-length')).toEqual(['0']);
    });

    test('gets trailers', async () => {
      const answer = await ask(proxy, { path: '/trailers' });
      expect(answer.body).toBe('body');
      expect(answer.trailers['x-checksum']).toBe('abc');
    });

    test('gets early hints before the answer', async () => {
      const answer = await ask(proxy, { path: '/hints' });
      expect(answer).toMatchObject({ body: 'hinted', informational: [103] });
    });

    test('that expects 100-continue is told to go on, and the upstream never sees the expectation', async () => {
      const answer = await ask(proxy, { method: 'POST', headers: { expect: '100-continue' }, body: 'late' });
      expect(answer.informational).toEqual([100]);
      expect(echoOf(answer).body).toBe('late');
      expect(fieldsOf(echoOf(answer).headers, 'expect')).toEqual([]);
    });

    test('to an unknown host gets 421 and the list of the known ones', async () => {
      const answer = await ask(proxy, {
        headers: ask === askHttp1 ? { host: 'other.example.com' } : { ':authority': 'other.example.com' },
      });
      expect(answer.status).toBe(421);
      expect(answer.body).toContain('example.com, api.example.com');
    });

    test('that has been here too often gets 508', async () => {
      const answer = await ask(proxy, { headers: { 'x-jwt-dev-hops': '5' } });
      expect(answer.status).toBe(508);
      expect(answer.headers['access-control-allow-origin']).toBe('https://example.com');
    });

    test('is reported to the observer once, with what the client sent and got', async () => {
      proxy.exchanges.length = 0;
      await ask(proxy, { hostname: 'api.example.com', path: '/cookies?x=1', headers: { 'x-mine': 'yes' } });
      await until(() => proxy.exchanges.length > 0);
      expect(proxy.exchanges).toHaveLength(1);
      expect(proxy.exchanges[0]).toMatchObject({
        kind: 'http',
        hostname: 'api.example.com',
        method: 'GET',
        path: '/cookies?x=1',
        status: 200,
        upstream: `127.0.0.1:${upstreamPort}`,
        failure: null,
      });
      expect(fieldsOf(proxy.exchanges[0]?.requestHeaders ?? [], 'x-mine')).toEqual(['yes']);
      expect(fieldsOf(proxy.exchanges[0]?.responseHeaders ?? [], 'set-cookie')).toHaveLength(3);
    });

    test('shares connections to the upstream', async () => {
      received.length = 0;
      for (let at = 0; at < 5; at += 1) await ask(proxy, { path: '/length' });
      expect(new Set(received.map((request) => request.socket.remotePort)).size).toBe(1);
    });
  },
);

test('A throwing observer never touches the request', async () => {
  const upstream = http.createServer((_, response) => response.end('fine'));
  const proxy = await startProxy([portRoute('example.com', await listenOn(upstream))], {
    onExchange: () => {
      throw new Error('observer');
    },
  });
  expect((await askHttp1(proxy)).body).toBe('fine');
  expect((await askHttp2(proxy)).body).toBe('fine');
  await proxy.close();
  upstream.close();
});

test('An upstream that listens on ::1 alone is found, and found again on 127.0.0.1', async () => {
  const first = http.createServer((_, response) => response.end('v6'));
  const port = await listenOn(first, '::1');
  const proxy = await startProxy([portRoute('example.com', port)]);
  expect((await askHttp1(proxy)).body).toBe('v6');
  await new Promise((resolve) => {
    first.close(resolve);
    first.closeAllConnections();
  });
  const second = http.createServer((_, response) => response.end('v4'));
  await listenOn(second, '127.0.0.1', port);
  expect((await askHttp1(proxy)).body).toBe('v4');
  await proxy.close();
  second.close();
});

test('HSTS of an upstream stays with the proxy, and the observer is told', async () => {
  const upstream = http.createServer((_, response) => {
    response.setHeader('Strict-Transport-Security', 'max-age=31536000');
    response.end('fine');
  });
  const proxy = await startProxy([portRoute('example.com', await listenOn(upstream))]);
  expect((await askHttp2(proxy)).headers['strict-transport-security']).toBeUndefined();
  await until(() => proxy.exchanges.length > 0);
  expect(proxy.exchanges[0]?.withheldHeaders).toEqual(['strict-transport-security', 'max-age=31536000']);
  await proxy.close();
  upstream.close();
});

describe('An upstream that drops a kept-alive connection just as it is used again', () => {
  /** Answers the first request of each connection, and drops the connection at the second. */
  const upstream = net.createServer((socket) => {
    let requests = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests += 1;
      if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else socket.destroy();
    });
  });
  let proxy: RunningProxy;

  beforeAll(async () => {
    proxy = await startProxy([portRoute('example.com', await listenOn(upstream))]);
  });
  afterAll(async () => {
    await proxy.close();
    upstream.close();
  });

  test('does not fail a request that may be sent again', async () => {
    for (let round = 0; round < 4; round += 1)
      expect(await askHttp2(proxy)).toMatchObject({ status: 200, body: 'ok' });
  });

  test('gets no request a second time that may have had an effect', async () => {
    await askHttp1(proxy);
    expect((await askHttp1(proxy, { method: 'POST', headers: { 'content-length': '0' } })).status).toBe(502);
  });
});

test('curl uploads over both protocols', async () => {
  const upstream = createUpstream([]);
  const proxy = await startProxy([portRoute('example.com', await listenOn(upstream))]);
  const ask = (protocol: string) =>
    runCommand(
      'curl',
      [
        '--silent',
        protocol,
        '--insecure',
        '--resolve',
        `example.com:${proxy.httpsPort}:127.0.0.1`,
        '--data-binary',
        '@-',
        '--write-out',
        '%{http_version}',
        `https://example.com:${proxy.httpsPort}/`,
      ],
      // Over 1 MB curl waits for 100 Continue.
      { input: 'x'.repeat(3_000_000) },
    );
  const answers = [await ask('--http1.1'), await ask('--http2')];
  await proxy.close();
  upstream.close();
  expect(answers.map((answer) => answer.exitCode)).toEqual([0, 0]);
  expect(answers.map((answer) => /"body":"x{3000000}"/.test(answer.stdout))).toEqual([true, true]);
  expect(answers.map((answer) => answer.stdout.slice(answer.stdout.lastIndexOf('}') + 1))).toEqual([
    '1.1',
    '2',
  ]);
});

test('A reason phrase that HTTP/1.1 cannot carry does not cost the answer', async () => {
  const upstream = net.createServer((socket) => {
    socket.once('data', () => {
      const bytes = Buffer.from('HTTP/1.1 200 \xe9\xff\r\nContent-Length: 2\r\n\r\nok', 'latin1');
      socket.end(bytes);
    });
  });
  const proxy = await startProxy([portRoute('example.com', await listenOn(upstream))]);
  const answers = [await askHttp1(proxy), await askHttp2(proxy)];
  await proxy.close();
  upstream.close();
  expect(answers.map((answer) => answer.body)).toEqual(['ok', 'ok']);
});
