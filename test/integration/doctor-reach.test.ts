import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answerIdentity } from '../../src/control/identity.ts';
import { probeOverNetwork } from '../../src/doctor/facts/probe.ts';
import { readReach } from '../../src/doctor/facts/reach.ts';
import type { DoctorWorld } from '../../src/doctor/types.ts';
import { makeCertificates } from '../helpers/certs-files.ts';
import { runningInstance } from '../helpers/doctor-facts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const SECRET = 'the secret of this environment';

async function listen(server: net.Server, host = '127.0.0.1', port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** An https server that answers as the proxy does for that secret; every other path is a 404. */
async function serve(secret: string, host?: string, port?: number) {
  const { material } = await makeCertificates(await tempDir());
  const server = https.createServer(
    { key: material.keyPem, cert: material.chainPem },
    (request, response) => {
      const answer = answerIdentity(request.url ?? '/', secret);
      response.writeHead(answer?.status ?? 404, { server: 'test', connection: 'close' }).end(answer?.body);
    },
  );
  return {
    port: await listen(server, host, port),
    leafFingerprint256: new X509Certificate(material.chainPem).fingerprint256,
  };
}

function reach(
  port: number,
  addresses: readonly string[],
  { leafFingerprint256 = null as string | null, proxy = null as string | null } = {},
) {
  const record = { ...runningInstance({ httpsPort: port, proxy }), secret: SECRET };
  return readReach(
    { probe: probeOverNetwork } as DoctorWorld,
    ['example.com', 'api.example.com'].map((hostname) => ({ hostname, addresses, error: null })),
    { name: 'default', running: record, health: null, stale: [] },
    { leafFingerprint256 },
  );
}

test('the environment itself is recognised by its proof, on every name', async () => {
  const { port, leafFingerprint256 } = await serve(SECRET);
  expect(await reach(port, ['127.0.0.1'], { leafFingerprint256 })).toMatchObject([
    { hostname: 'example.com', by: `127.0.0.1 port ${port}`, outcome: 'ours' },
    { hostname: 'api.example.com', outcome: 'ours' },
  ]);
});

test('another environment with the same names is not taken for this one', async () => {
  const { port } = await serve('the secret of another environment');
  const [found] = (await reach(port, ['127.0.0.1'])) ?? [];
  expect(found).toMatchObject({
    outcome: 'another',
    detail: 'another server answers with 200, which calls itself test',
  });
});

test('a server without TLS is silence', async () => {
  const plain = http.createServer((_request, response) => response.end('hello'));
  const [found] = (await reach(await listen(plain), ['127.0.0.1'])) ?? [];
  expect(found?.outcome).toBe('silent');
});

test('each address of a name is asked: one leads elsewhere', async () => {
  const { port } = await serve(SECRET, '127.0.0.1');
  const other = await serve('another secret', '127.0.0.2', port);
  expect(other.port).toBe(port);
  const found = (await reach(port, ['127.0.0.1', '127.0.0.2', '127.0.0.3'])) ?? [];
  expect(found.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['ours', 'another', 'silent']);
});

test('a certificate that is not ours is told although the proof is', async () => {
  const { port } = await serve(SECRET);
  const [found] = (await reach(port, ['127.0.0.1'], { leafFingerprint256: 'AA:BB' })) ?? [];
  expect(found?.outcome).toBe('intercepted');
});

test('in rootless mode the way leads through the forward proxy', async () => {
  const { port } = await serve(SECRET);
  const proxy = http.createServer();
  const asked: string[] = [];
  proxy.on('connect', (request, client) => {
    asked.push(request.url ?? '');
    const upstream = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on('error', () => socket.destroy());
  });
  const url = `http://127.0.0.1:${await listen(proxy)}`;
  const found = await reach(port, ['203.0.113.1'], { proxy: url });
  expect(found).toMatchObject([{ outcome: 'ours', by: `the forward proxy ${url}` }, { outcome: 'ours' }]);
  expect(asked.toSorted()).toEqual(['api.example.com:443', 'example.com:443']);
});

test('a forward proxy that refuses the tunnel is silence with its status', async () => {
  const proxy = http.createServer();
  proxy.on('connect', (_request, client) => client.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  const url = `http://127.0.0.1:${await listen(proxy)}`;
  const [found] = (await reach(1, [], { proxy: url })) ?? [];
  expect(found).toMatchObject({ outcome: 'silent', detail: 'the proxy answered 403' });
});

test('nothing is asked where nothing runs', async () => {
  const instances = { name: 'default', running: null, health: null, stale: [] };
  expect(await readReach({} as DoctorWorld, [], instances, { leafFingerprint256: null })).toBeNull();
});
