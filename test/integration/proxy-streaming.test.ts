import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  askHttp1,
  askHttp2,
  connectHttp2,
  connectRaw,
  countConnections,
  until,
} from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';

const MIB = 1024 * 1024;
const BLOCK = Buffer.alloc(MIB, 'block');

/** Writes that many MiB as fast as the other side takes them; gives how many were taken. */
function pour(into: Writable, mebibytes: number, taken: { count: number }): void {
  const more = (): void => {
    while (taken.count < mebibytes && !into.destroyed) {
      taken.count += 1;
      if (!into.write(BLOCK)) {
        into.once('drain', more);
        return;
      }
    }
    if (!into.destroyed) into.end();
  };
  more();
}

function digestOf(mebibytes: number): string {
  const hash = createHash('sha256');
  for (let at = 0; at < mebibytes; at += 1) hash.update(BLOCK);
  return hash.digest('hex');
}

async function digest(from: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of from) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const active = new Set<http.IncomingMessage>();
const taken = { count: 0 };
let received = 0;
let aborted = 0;
const upstream = http.createServer((request, response) => {
  active.add(request);
  response.on('close', () => {
    active.delete(request);
    if (!response.writableFinished) aborted += 1;
  });
  request.on('error', () => undefined);
  const url = request.url ?? '';
  if (url === '/quick') {
    response.end('quick');
  } else if (url.startsWith('/pour')) {
    taken.count = 0;
    pour(response, Number(url.split('=')[1]), taken);
  } else if (url === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    setTimeout(() => response.write('data: 1\n\n'), 30);
  } else if (url === '/sum') {
    void digest(request).then(
      (sum) => response.end(sum),
      () => undefined,
    );
  } else if (url === '/stall') {
    // reads nothing
  } else {
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
  }
});
let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await startProxy([portRoute('example.com', await listenOn(upstream))]);
});
beforeEach(() => {
  aborted = 0;
  received = 0;
});
afterAll(async () => {
  await proxy.close();
  upstream.closeAllConnections();
  upstream.close();
});

interface Transfer {
  readonly up: Writable;
  readonly down: Promise<Readable>;
  readonly cancel: () => void;
}

function overHttp1(path: string, method = 'GET'): Transfer {
  const request = https.request({
    host: '127.0.0.1',
    port: proxy.httpsPort,
    servername: 'example.com',
    ca: proxy.certificate.cert,
    method,
    path,
    headers: { host: 'example.com' },
    agent: false,
  });
  request.on('error', () => undefined);
  const down = new Promise<Readable>((resolve) => {
    request.once('response', (response) => {
      response.on('error', () => undefined);
      resolve(response);
    });
  });
  if (method === 'GET') request.end();
  return { up: request, down, cancel: () => request.destroy() };
}

function overHttp2(path: string, method = 'GET'): Transfer {
  const session = connectHttp2(proxy);
  const stream = session.request(
    { ':method': method, ':path': path, ':authority': 'example.com' },
    { endStream: method === 'GET' },
  );
  stream.on('error', () => undefined);
  stream.on('close', () => session.close());
  const down = new Promise<Readable>((resolve) => {
    stream.once('response', () => resolve(stream));
  });
  return { up: stream, down, cancel: () => stream.close(8) };
}

describe.each([
  ['HTTP/1.1', overHttp1],
  ['HTTP/2', overHttp2],
] as const)('Over %s', (_name, start) => {
  test('64 MiB come down whole', async () => {
    expect(await digest(await start('/pour=64').down)).toBe(digestOf(64));
  });

  test('64 MiB go up whole', async () => {
    const transfer = start('/sum', 'POST');
    pour(transfer.up, 64, { count: 0 });
    const answer = await transfer.down;
    let sum = '';
    for await (const chunk of answer) sum += String(chunk);
    expect(sum).toBe(digestOf(64));
  });

  test('a client that does not read holds the upstream back', async () => {
    const transfer = start('/pour=512');
    (await transfer.down).pause();
    let before = -1;
    while (taken.count !== before) {
      before = taken.count;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(taken.count).toBeLessThan(64);
    transfer.cancel();
    await until(() => active.size === 0);
  });

  test('an upstream that does not read holds the client back', async () => {
    const transfer = start('/stall', 'POST');
    const sent = { count: 0 };
    pour(transfer.up, 512, sent);
    await until(() => active.size === 1);
    let before = -1;
    while (sent.count !== before) {
      before = sent.count;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(sent.count).toBeLessThan(64);
    transfer.cancel();
    // A server that does not read does not notice either.
    for (const request of active) request.resume();
    await until(() => active.size === 0);
  });

  test('an event stream arrives event by event, and its end reaches the upstream', async () => {
    const transfer = start('/events');
    const answer = await transfer.down;
    const first = await new Promise<string>((resolve) =>
      answer.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    expect(first).toBe('data: 1\n\n');
    transfer.cancel();
    await until(() => active.size === 0);
    expect(aborted).toBe(1);
  });

  test('a client that leaves in the middle of its upload ends it at the upstream', async () => {
    const transfer = start('/upload', 'POST');
    transfer.up.write(BLOCK);
    await until(() => received > 0);
    transfer.cancel();
    await until(() => active.size === 0);
    expect(aborted).toBe(1);
  });
});

test('Memory stays bounded while 256 MiB pass in both directions', async () => {
  await digest(await overHttp1('/pour=64').down);
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  await digest(await overHttp2('/pour=256').down);
  const up = overHttp2('/sum', 'POST');
  pour(up.up, 256, { count: 0 });
  await digest(await up.down);
  clearInterval(timer);
  // Client, proxy and upstream share this process; without back-pressure it would hold a quarter of a GiB.
  expect((most - before) / MIB).toBeLessThan(200);
});

test('1,000 aborted requests leave nothing behind', async () => {
  proxy.exchanges.length = 0;
  const before = countConnections();
  for (let round = 0; round < 10; round += 1) {
    const transfers = Array.from({ length: 50 }, (_, at) =>
      (at % 2 === 0 ? overHttp1 : overHttp2)('/upload'),
    );
    await until(() => active.size === transfers.length);
    for (const transfer of transfers) transfer.cancel();
    await until(() => active.size === 0);
  }
  for (let round = 0; round < 10; round += 1) {
    // Cut off at any time, not only once the upstream has the request.
    const sockets = await Promise.all(Array.from({ length: 50 }, () => connectRaw(proxy)));
    for (const socket of sockets) {
      socket.write('POST /upload HTTP/1.1\r\nHost: example.com\r\nContent-Length: 10\r\n\r\nabc');
      if (round % 2 === 0) socket.destroy();
      else setImmediate(() => socket.destroy());
    }
  }
  await until(() => active.size === 0);
  expect((await askHttp1(proxy, { path: '/quick' })).body).toBe('quick');
  expect((await askHttp2(proxy, { path: '/quick' })).body).toBe('quick');
  const aborts = proxy.exchanges.filter((exchange) => exchange.failure?.code === 'ERR_CLIENT_ABORTED');
  expect(aborts.length).toBeGreaterThanOrEqual(500);
  // Idle connections to the upstream end by themselves.
  await until(() => countConnections() <= before);
});
