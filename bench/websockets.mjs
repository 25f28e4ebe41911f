// 1,000 idle WebSockets through Caddy and through ours at the same time: whether any is lost, what one costs in memory, and
// how long an echo takes.
//   npm run build && node bench/websockets.mjs [--seconds 20] [--sockets 1000] [--node /path/to/node]
// Needs caddy. The sockets rest for that many seconds (300 is the aim's time), then each sends a frame and waits until it
// is back, 16 at a time, the proxies in turns. "KB each" is what resident memory has grown by, divided by the sockets.
// The upstream sends the bytes back that it gets: a proxy does not look into frames. `--node`: the Node that runs ours.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { aim, median, medianRatio, percentile, table, times } from './support/figures.mjs';
import { bench, residentBytes, run, temporaryDirectory } from './support/processes.mjs';
import { HOST, makeCertificates, startCaddy, startOurs } from './support/proxies.mjs';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    sockets: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
    node: { type: 'string', default: process.execPath },
  },
});
const count = Number(options.sockets);
const AT_ONCE = 16;
/** A masked text frame of 32 bytes (RFC 6455, section 5.2). */
const FRAME = Buffer.concat([Buffer.from([0x81, 0x80 | 32]), randomBytes(4), Buffer.alloc(32, 'x')]);

async function startEcho() {
  const server = http.createServer();
  const sockets = new Set();
  server.on('upgrade', (_request, socket) => {
    sockets.add(socket);
    // The clients go without a word at the end.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: server.address().port, close };
}

async function openSocket(port, ca) {
  const request = https.request({
    host: '127.0.0.1',
    port,
    ca,
    servername: HOST,
    agent: false,
    headers: {
      host: `${HOST}:${port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    },
  });
  request.end();
  const [, socket] = await once(request, 'upgrade');
  return socket;
}

/** Opens them, 16 at a time; `lost` grows with each that ends by itself. */
async function openAll(proxy, ca, number) {
  const group = { sockets: [], lost: 0, closing: false };
  while (group.sockets.length < number) {
    const batch = Math.min(AT_ONCE, number - group.sockets.length);
    const opened = await Promise.all(Array.from({ length: batch }, () => openSocket(proxy.port, ca)));
    for (const socket of opened) {
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        if (!group.closing) group.lost += 1;
      });
    }
    group.sockets.push(...opened);
  }
  return group;
}

function closeAll(group) {
  group.closing = true;
  for (const socket of group.sockets) socket.destroy();
}

/** Milliseconds until the whole frame is back. */
function echo(socket) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let received = 0;
    const onData = (chunk) => {
      received += chunk.length;
      if (received < FRAME.length) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve(performance.now() - started);
    };
    const onClose = () => reject(new Error('A WebSocket closed before its echo came'));
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.write(FRAME);
  });
}

async function echoAll(group) {
  const latencies = [];
  const waiting = [...group.sockets];
  const worker = async () => {
    for (let socket = waiting.pop(); socket !== undefined; socket = waiting.pop())
      latencies.push(await echo(socket));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return latencies;
}

await bench(async () => {
  const directory = temporaryDirectory();
  const certificates = await makeCertificates(directory);
  const ca = readFileSync(certificates.ca);
  const upstream = await startEcho();
  const proxies = {
    Caddy: await startCaddy({ directory, certificates, upstream: upstream.port }),
    ours: await startOurs({ directory, frontend: upstream.port, node: options.node }),
  };
  const results = {};
  for (const [name, proxy] of Object.entries(proxies)) {
    // What the first sockets load and compile is not the price of one more.
    const first = await openAll(proxy, ca, 32);
    await echoAll(first);
    const before = residentBytes(proxy.pid);
    const group = await openAll(proxy, ca, count);
    closeAll(first);
    results[name] = { group, before, p50: [], p99: [] };
  }
  await sleep(Number(options.seconds) * 1000);
  for (const [name, proxy] of Object.entries(proxies)) {
    const result = results[name];
    result.kilobytes = (residentBytes(proxy.pid) - result.before) / count / 1000;
    result.lost = result.group.lost;
  }
  // The first round warms up and is left out.
  for (let round = 0; round <= Number(options.rounds); round += 1) {
    for (const { group, p50, p99 } of Object.values(results)) {
      const latencies = await echoAll(group);
      if (round === 0) continue;
      p50.push(percentile(latencies, 0.5));
      p99.push(percentile(latencies, 0.99));
    }
  }
  const version = (await run(options.node, ['--version'])).trim();
  process.stdout.write(
    `${count} sockets for ${options.seconds} s, ours on Node ${version}, load ${os.loadavg()[0].toFixed(1)}\n`,
  );
  const rows = [['', 'lost', 'KB each', 'echo p50 ms', 'p99 ms']];
  for (const [name, { lost, kilobytes, p50, p99 }] of Object.entries(results)) {
    rows.push([name, String(lost), kilobytes.toFixed(0), median(p50).toFixed(2), median(p99).toFixed(2)]);
  }
  const { Caddy, ours } = results;
  const ratio = medianRatio(ours.p99, Caddy.p99);
  process.stdout.write(
    `${table(rows)}\n${aim('lost: none', String(ours.lost), ours.lost === 0)}${aim('echo p99 <= 2 x Caddy', times(ratio), ratio <= 2)}`,
  );
  for (const { group } of Object.values(results)) closeAll(group);
  upstream.close();
});
