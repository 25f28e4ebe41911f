// How much memory the proxy holds while 1 GB passes, each way, over either protocol. The proxy runs in a process of its
// own; its peak is the kernel's (VmHWM of /proc/PID/status, Linux), which no sampling can miss.
//   npm run build && node bench/memory.mjs [mebibytes] [node options for the proxy…]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { fileURLToPath } from 'node:url';

const MIB = 1024 * 1024;
const self = fileURLToPath(import.meta.url);

/** The child: a proxy in front of the port that it is told. */
async function runProxy() {
  const { createProxy } = await import('../dist/proxy/server.js');
  const [{ port, key, cert }] = await once(process, 'message');
  const proxy = createProxy({
    tls: { key, cert },
    hostnames: ['example.com'],
    addresses: ['127.0.0.1'],
    httpsPort: 0,
    httpPort: null,
    frontendOrigin: () => 'https://example.com',
    onExchange: () => undefined,
    now: () => new Date(),
    newId: () => 'id',
    platform: process.platform,
    run: () => Promise.reject(new Error('no command is run here')),
  });
  proxy.setRoutes([
    {
      hostname: 'example.com',
      role: 'frontend',
      upstream: { kind: 'port', port, label: 'upstream' },
      paths: [],
    },
  ]);
  const { httpsPort } = await proxy.listen();
  process.on('message', () => process.send(process.memoryUsage()));
  process.on('disconnect', () => process.exit());
  process.send({ httpsPort });
}

async function measure(mebibytes, execArgv) {
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'example.com' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'example.com' }] }],
  });
  const ca = made.cert;
  const block = Buffer.alloc(MIB, 'x');
  const upstream = http.createServer((request, response) => {
    request.on('error', () => undefined);
    if (request.url === '/down') pour(response, mebibytes, block);
    else request.on('end', () => response.end('done')).resume();
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');

  process.stdout.write(`Node ${process.version} ${execArgv.join(' ')}, ${mebibytes} MiB; MiB of the proxy\n`);
  for (const [name, transfer] of Object.entries(TRANSFERS)) {
    const child = fork(self, [], { execArgv });
    child.send({ port: upstream.address().port, key: made.private, cert: ca });
    const [{ httpsPort }] = await once(child, 'message');
    const idle = peakOf(child.pid);
    const started = performance.now();
    await transfer({ port: httpsPort, ca, block, mebibytes });
    const seconds = (performance.now() - started) / 1000;
    const peak = peakOf(child.pid);
    child.send('memory');
    const [{ heapTotal, arrayBuffers, external }] = await once(child, 'message');
    child.kill();
    await once(child, 'exit');
    const rest = Object.entries({ heapTotal, arrayBuffers, external });
    process.stdout.write(
      `${name.padEnd(10)} idle ${idle} peak ${peak} (${(mebibytes / seconds).toFixed(0)} MiB/s; at the end ${rest.map(([kind, bytes]) => `${kind} ${(bytes / MIB).toFixed(0)}`).join(', ')})\n`,
    );
  }
  upstream.closeAllConnections();
  upstream.close();
}

/** The largest resident set that a process ever had, in MiB. */
function peakOf(pid) {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(found?.[1]) / 1024);
}

const TRANSFERS = {
  'h1 down': ({ port, ca }) => overHttp1(port, ca, 'GET', '/down', (request) => request.end()),
  'h1 up': ({ port, ca, block, mebibytes }) =>
    overHttp1(port, ca, 'POST', '/up', (request) => pour(request, mebibytes, block), {
      'content-length': mebibytes * MIB,
    }),
  'h1 chunked': ({ port, ca, block, mebibytes }) =>
    overHttp1(port, ca, 'POST', '/up', (request) => pour(request, mebibytes, block)),
  'h2 down': ({ port, ca }) => overHttp2(port, ca, 'GET', '/down', (stream) => stream.end()),
  'h2 up': ({ port, ca, block, mebibytes }) =>
    overHttp2(port, ca, 'POST', '/up', (stream) => pour(stream, mebibytes, block), {
      'content-length': mebibytes * MIB,
    }),
};

async function overHttp1(port, ca, method, path, send, headers = {}) {
  const request = https.request({
    host: '127.0.0.1',
    port,
    ca,
    servername: 'example.com',
    method,
    path,
    headers: { host: 'example.com', ...headers },
    agent: false,
  });
  send(request);
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
}

async function overHttp2(port, ca, method, path, send, headers = {}) {
  const session = http2.connect(`https://127.0.0.1:${port}`, {
    ca,
    servername: 'example.com',
    checkServerIdentity: () => undefined,
  });
  const stream = session.request(
    { ':method': method, ':path': path, ':authority': 'example.com', ...headers },
    { endStream: false },
  );
  send(stream);
  stream.resume();
  await once(stream, 'end');
  session.destroy();
}

function pour(into, mebibytes, block) {
  let sent = 0;
  const more = () => {
    while (sent < mebibytes && !into.destroyed) {
      sent += 1;
      if (!into.write(block)) {
        into.once('drain', more);
        return;
      }
    }
    into.end();
  };
  more();
}

if (process.send !== undefined) await runProxy();
else await measure(Number(process.argv[2] ?? 1024), process.argv.slice(3));
