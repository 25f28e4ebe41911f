import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { exchangeRaw, openTunnel, startForwardProxy, startRootless } from '../helpers/forward-proxy.ts';
import { countConnections, until } from '../helpers/proxy-clients.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';

/** Nothing that is refused may come this far. */
const unreachable = (): never => {
  throw new Error('This was let through.');
};

async function ask(text: string): Promise<string> {
  const { port } = await startForwardProxy(unreachable);
  return exchangeRaw(port, text);
}

describe('what is not ours is refused, with a sentence', () => {
  test.each([
    ['another host', 'CONNECT example.org:443', 403],
    ['a host below ours', 'CONNECT www.example.com:443', 403],
    ['another port', 'CONNECT example.com:8443', 403],
    ['an IPv4 literal', 'CONNECT 127.0.0.1:443', 403],
    ['an IPv6 literal', 'CONNECT [::1]:443', 403],
    ['a user name before another host', 'CONNECT example.com@example.org:443', 400],
    ['no port', 'CONNECT example.com', 400],
    ['plain http to another host', 'GET http://example.org/', 403],
    ['plain http to a literal', 'GET http://127.0.0.1:80/', 403],
    ['plain http to another port', 'GET http://example.com:8080/', 403],
    ['plain http with a user name', 'GET http://me:secret@example.com/', 400],
    ['https without a tunnel', 'GET https://example.com/', 403],
    ['no target at all', 'OPTIONS *', 400],
  ])('%s', async (_, line, status) => {
    const answer = await ask(`${line} HTTP/1.1\r\nHost: example.com\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
    expect(answer).toMatch(/\r\n\r\njwt-dev: \S.*\.\n$/);
  });

  test('a request that cannot be read, and one that is too long', async () => {
    expect(await ask('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    const long = 'x'.repeat(20_000);
    expect(await ask(`CONNECT example.com:443 HTTP/1.1\r\nX-Long: ${long}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  test('a client that says nothing, or not all of it, is cut off', async () => {
    const { port } = await startForwardProxy(unreachable, { limits: { headersTimeoutMs: 100 } });
    const answers = await Promise.all(
      ['', 'CONNECT exam', 'CONNECT example.com:443 HTTP/1.1\r\nX: '].map((text) => exchangeRaw(port, text)),
    );
    expect(answers).toEqual(Array(3).fill(expect.stringMatching(/^HTTP\/1\.1 408 /)));
  });
});

describe('the PAC file', () => {
  const get = (line: string, host: string) => ask(`${line} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);

  test.each(['127.0.0.1:5198', 'localhost:5198', '[::1]:5198', '127.0.0.1'])(
    'is given to %s',
    async (host) => {
      const answer = await get('GET /proxy.pac', host);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toContain('\r\nContent-Type: application/x-ns-proxy-autoconfig\r\n');
      expect(answer).toContain('function FindProxyForURL');
    },
  );

  test.each(['evil.test', 'example.com', '127.0.0.1.evil.test', 'localhost.evil.test:80', ''])(
    'is not given to a page of %j, whose name leads here',
    async (host) => {
      const answer = await get('GET /proxy.pac', host);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).not.toContain('FindProxyForURL');
    },
  );

  test('names the port that it was asked at', async () => {
    const { port, authority } = await startForwardProxy(unreachable);
    const answer = await exchangeRaw(port, 'GET /proxy.pac HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(authority).toBe(`127.0.0.1:${port}`);
    expect(answer).toContain(`"PROXY 127.0.0.1:${port}"`);
  });

  test('HEAD, a query, another method, another path', async () => {
    const host = '127.0.0.1';
    expect(await get('HEAD /proxy.pac', host)).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/);
    expect(await get('GET /proxy.pac?now', host)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await get('POST /proxy.pac', host)).toMatch(/^HTTP\/1\.1 405 /);
    expect(await get('GET /', host)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await get('GET //example.org/', host)).toMatch(/^HTTP\/1\.1 404 /);
  });
});

test('it listens on both loopback addresses and on no other', async () => {
  const { addresses, port } = await startForwardProxy(unreachable);
  expect(addresses).toContain('127.0.0.1');
  expect(addresses.every((address) => ['127.0.0.1', '::1'].includes(address))).toBe(true);
  // All of 127.0.0.0/8 is this machine: a server on every address would answer here too.
  const elsewhere = new Promise((resolve, reject) => {
    net.connect(port, '127.0.0.2', () => resolve('connected')).once('error', reject);
  });
  await expect(elsewhere).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a port that is taken is said to be', async () => {
  const other = net.createServer();
  const port = await listenOn(other);
  await expect(startForwardProxy(unreachable, { port })).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE' });
  other.close();
});

test('beyond so many connections it takes no more, and takes them again when some have gone', async () => {
  const tunnels: net.Socket[] = [];
  const { port } = await startForwardProxy((socket) => void tunnels.push(socket.resume()), {
    limits: { connections: 2 },
  });
  const [first] = [await openTunnel(port), await openTunnel(port)];
  expect(await exchangeRaw(port, '').catch(() => '')).toBe('');
  first.destroy();
  await until(() => tunnels.some((socket) => socket.destroyed));
  await openTunnel(port);
  expect(tunnels).toHaveLength(3);
});

test('1,000 tunnels whose clients leave, at every point, leave nothing behind', async () => {
  const { port, proxy } = await startRootless([]);
  const before = countConnections();
  const leave = async (how: number): Promise<void> => {
    if (how === 0) {
      const half = net.connect(port, '127.0.0.1', () =>
        half.write('CONNECT example.com:443 HT', () => half.destroy()),
      );
      await new Promise((resolve) => half.once('close', resolve));
      return;
    }
    const socket = await openTunnel(port, how === 1 ? 'example.com:80' : 'example.com:443');
    // A record that begins a TLS handshake and does not end it.
    if (how === 2) socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1]));
    if (how === 3) socket.end();
    else socket.resetAndDestroy();
    await new Promise((resolve) => socket.once('close', resolve));
  };
  for (let round = 0; round < 40; round += 1) {
    await Promise.all(Array.from({ length: 25 }, (_, index) => leave(index % 5)));
  }
  await until(() => countConnections() <= before);
  expect(proxy.exchanges).toEqual([]);
});

describe('the end', () => {
  test('a close takes nothing new, ends silent clients and waits for the tunnels', async () => {
    const taken: net.Socket[] = [];
    const { port, forward } = await startForwardProxy((socket) => void taken.push(socket.resume()));
    const tunnel = await openTunnel(port);
    const silent = net.connect(port, '127.0.0.1');
    const gone = new Promise((resolve) => silent.once('close', resolve));
    await new Promise((resolve) => silent.once('connect', resolve));
    // Accepted before the close, so that it is the close that ends it.
    expect(await exchangeRaw(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')).toContain(' 404 ');
    let done = false;
    const closing = forward.close(60_000).then(() => {
      done = true;
    });
    await gone;
    await expect(openTunnel(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect([done, tunnel.destroyed]).toEqual([false, false]);
    taken[0]?.end();
    await closing;
  });

  test('at the deadline the tunnels end too', async () => {
    const { port, forward } = await startForwardProxy((socket) => void socket.resume());
    const tunnel = await openTunnel(port);
    const gone = new Promise((resolve) => tunnel.once('close', resolve));
    await forward.close(10);
    await gone;
  });

  test('a forced close ends a pending one', async () => {
    const { port, forward } = await startForwardProxy((socket) => void socket.resume());
    await openTunnel(port);
    const closing = forward.close(60_000);
    forward.forceClose();
    await closing;
  });
});
