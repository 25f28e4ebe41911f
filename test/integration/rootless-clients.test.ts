import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { ProxyAgent, request as undiciRequest, WebSocket } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTunnel, runProgram, startRootless } from '../helpers/forward-proxy.ts';
import { until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute } from '../helpers/proxy-fixture.ts';
import { createEchoServer } from '../helpers/proxy-websocket.ts';
import { tempDir } from '../helpers/temp-dir.ts';

// Real clients come through the forward proxy to https://example.com, without a port and without a hosts entry.

const waiting = new Set<http.ServerResponse>();
const upstream = http.createServer((request, response) => {
  if (request.url === '/wait') {
    waiting.add(response);
    response.on('close', () => waiting.delete(response));
    return;
  }
  const { host, 'x-forwarded-port': port, 'x-forwarded-proto': scheme } = request.headers;
  response.end(JSON.stringify({ host, port, scheme, url: request.url }));
});
let port = 0;

beforeAll(async () => {
  port = await listenOn(upstream);
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});

async function rootless() {
  const running = await startRootless([portRoute('example.com', port)]);
  const caFile = path.join(await tempDir(), 'ca.pem');
  await writeFile(caFile, running.proxy.certificate.cert);
  return { ...running, caFile };
}

/** What the upstream is told: the URL as the client wrote it. */
const SEEN = { host: 'example.com', port: '443', scheme: 'https', url: '/a?b=1' };

test('curl, told by an option and by HTTPS_PROXY', async () => {
  const { url, caFile } = await rootless();
  const args = ['-sS', '--fail', '--cacert', caFile, '-w', ' %{http_version}', 'https://example.com/a?b=1'];
  const byOption = await runProgram('curl', ['--proxy', url, ...args]);
  const byVariable = await runProgram('curl', args, { HTTPS_PROXY: url });
  expect([byOption, byVariable]).toEqual(Array(2).fill(`${JSON.stringify(SEEN)} 2`));
});

test('curl over plain http is led to https, as a request to a proxy and through a tunnel', async () => {
  const { url } = await rootless();
  const args = ['-sS', '-o', '/dev/null', '-w', '%{http_code} %{redirect_url}', 'http://example.com/a?b=1'];
  const asked = await runProgram('curl', ['--proxy', url, ...args]);
  const tunnelled = await runProgram('curl', ['--proxytunnel', '--proxy', url, ...args]);
  expect([asked, tunnelled]).toEqual(Array(2).fill('308 https://example.com/a?b=1'));
});

test('curl follows that redirect to the page', async () => {
  const { url, caFile } = await rootless();
  const args = ['-sS', '-L', '--cacert', caFile, 'http://example.com/a?b=1'];
  expect(JSON.parse(await runProgram('curl', ['--proxy', url, ...args]))).toEqual(SEEN);
});

test('curl shows a refusal as what it is', async () => {
  const { url } = await rootless();
  const failure = await runProgram('curl', ['-sS', '--proxy', url, 'https://example.org/']).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ stderr: expect.stringContaining('403') });
});

test("Python's urllib, told by https_proxy, and http.client with a tunnel", async () => {
  const { url, authority, caFile } = await rootless();
  const script = `
import http.client, json, ssl, urllib.request
context = ssl.create_default_context(cafile=${JSON.stringify(caFile)})
first = urllib.request.urlopen("https://example.com/a?b=1", context=context).read()
host, port = ${JSON.stringify(authority)}.split(":")
connection = http.client.HTTPSConnection(host, int(port), context=context)
connection.set_tunnel("example.com", 443)
connection.request("GET", "/a?b=1")
second = connection.getresponse().read()
print(json.dumps([json.loads(first), json.loads(second)]))
`;
  expect(JSON.parse(await runProgram('python3', ['-c', script], { https_proxy: url }))).toEqual([SEEN, SEEN]);
});

test('undici, with requests and with a WebSocket', async () => {
  const echo = createEchoServer();
  const running = await startRootless([
    portRoute('example.com', port),
    portRoute('api.example.com', await listenOn(echo.server)),
  ]);
  const ca = running.proxy.certificate.cert;
  const dispatcher = new ProxyAgent({ uri: running.url, requestTls: { ca } });
  const { body } = await undiciRequest('https://example.com/a?b=1', { dispatcher });
  expect(await body.json()).toEqual(SEEN);
  const socket = new WebSocket('wss://api.example.com/', { protocols: ['echo'], dispatcher });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  expect(echo.requests[0]?.headers).toMatchObject({ host: 'api.example.com', 'x-forwarded-port': '443' });
  for (const each of echo.sockets) each.destroy();
  await dispatcher.destroy();
  echo.server.close();
});

test('bytes that come with CONNECT itself are the first ones of the tunnel', async () => {
  const { port: proxyPort, proxy } = await rootless();
  const socket = net.connect(proxyPort, '127.0.0.1');
  socket.write('CONNECT example.com:80 HTTP/1.1\r\n\r\nGET /x HTTP/1.1\r\nHost: example.com\r\n\r\n');
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  await until(() => received.includes('https://example.com/x'));
  expect(received).toMatch(/^HTTP\/1\.1 200 [^]*HTTP\/1\.1 308 /);
  socket.destroy();
  expect(proxy.exchanges).toEqual([]);
});

test('a TLS handshake that begins in the same segment as CONNECT', async () => {
  const { port: proxyPort, proxy } = await rootless();
  const socket = net.connect(proxyPort, '127.0.0.1');
  let hello = 'CONNECT example.com:443 HTTP/1.1\r\n\r\n';
  const hasty = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      socket.write(Buffer.concat([Buffer.from(hello), chunk]), () => done());
      hello = '';
    },
  });
  socket.once('data', (established: Buffer) => {
    const rest = established.subarray(established.indexOf('\r\n\r\n') + 4);
    if (rest.length > 0) hasty.push(rest);
    socket.on('data', (chunk: Buffer) => hasty.push(chunk));
  });
  const ca = proxy.certificate.cert;
  const secure = tls.connect({ socket: hasty, servername: 'example.com', ca });
  secure.write('GET /a?b=1 HTTP/1.1\r\nHost: example.com\r\n\r\n');
  let received = '';
  secure.setEncoding('latin1').on('data', (text: string) => (received += text));
  await until(() => received.includes(JSON.stringify(SEEN)));
  socket.destroy();
});

test('a client that leaves in the middle frees its upstream request', async () => {
  const { port: proxyPort, proxy } = await rootless();
  const socket = await openTunnel(proxyPort);
  const secure = tls.connect({ socket, servername: 'example.com', ca: proxy.certificate.cert });
  secure.on('error', () => undefined);
  secure.write('GET /wait HTTP/1.1\r\nHost: example.com\r\n\r\n');
  await until(() => waiting.size === 1);
  socket.destroy();
  await until(() => waiting.size === 0);
  expect(proxy.exchanges).toMatchObject([{ path: '/wait', failure: { code: 'ERR_CLIENT_ABORTED' } }]);
});

test('a graceful close lets a request in a tunnel finish', async () => {
  const { port: proxyPort, proxy, forward } = await rootless();
  const socket = await openTunnel(proxyPort);
  const secure = tls.connect({ socket, servername: 'example.com', ca: proxy.certificate.cert });
  secure.on('error', () => undefined);
  secure.write('GET /wait HTTP/1.1\r\nHost: example.com\r\n\r\n');
  await until(() => waiting.size === 1);
  let received = '';
  secure.setEncoding('latin1').on('data', (text: string) => (received += text));
  const closing = Promise.all([proxy.proxy.close(60_000), forward.close(60_000)]);
  await expect(openTunnel(proxyPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  for (const response of waiting) response.end('late');
  await closing;
  await until(() => received !== '');
  expect(received).toMatch(/^HTTP\/1\.1 200 [^]*late/);
});
