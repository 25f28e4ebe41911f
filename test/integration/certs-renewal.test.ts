import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect, createSecureServer } from 'node:http2';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { ensureCertificates } from '../../src/certs/ensure.ts';
import { readCertificateFacts } from '../../src/certs/facts.ts';
import type { TlsMaterial } from '../../src/certs/material.ts';
import { watchRenewal } from '../../src/certs/renewal.ts';
import { certificateInput, digestBytes } from '../helpers/certs-files.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const DAY_MS = 24 * 3_600_000;
const CHECK_BY_HAND = 2 ** 30;

/** A running watch whose clock the test moves, and what it told the server. */
async function startWatch(
  dir: string,
  onRenew: (material: TlsMaterial) => void = () => undefined,
  startDays = 0,
) {
  let offset = startDays * DAY_MS;
  const input = certificateInput(dir, { now: () => new Date(Date.now() + offset) });
  const material = await ensureCertificates(input);
  const renewed: TlsMaterial[] = [];
  const errors: unknown[] = [];
  const watch = watchRenewal({
    ...input,
    material,
    tickMs: CHECK_BY_HAND,
    onRenew: (next) => {
      renewed.push(next);
      onRenew(next);
    },
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => watch.close());
  return { input, material, renewed, errors, watch, advance: (days: number) => (offset += days * DAY_MS) };
}

test('nothing happens before the leaf is due; then there is a new one, and once', async () => {
  const { watch, advance, renewed, material } = await startWatch(await tempDir());
  await watch.check();
  advance(19);
  await watch.check();
  expect(renewed).toEqual([]);
  advance(1);
  await watch.check();
  await watch.check();
  expect(renewed).toHaveLength(1);
  expect(renewed[0]?.caPem).toBe(material.caPem);
  expect(renewed[0]?.issued).toEqual([{ what: 'leaf', reason: 'expiring', file: null }]);
});

test('a laptop that slept through the end of the leaf has a new one at the next look', async () => {
  const { watch, advance, renewed } = await startWatch(await tempDir());
  advance(200);
  await watch.check();
  expect(renewed).toHaveLength(1);
});

test('a clock that was ahead and is set back makes the leaf due', async () => {
  const { watch, advance, renewed } = await startWatch(await tempDir());
  advance(21);
  await watch.check();
  advance(-21);
  await watch.check();
  expect(renewed.map(({ issued }) => issued[0]?.reason)).toEqual(['expiring', 'clock']);
});

test('what another process renewed is picked up', async () => {
  const { watch, renewed, input } = await startWatch(await tempDir());
  const other = await ensureCertificates({ ...input, renew: 'leaf' });
  await watch.check();
  expect(renewed.map(({ chainPem }) => chainPem)).toEqual([other.chainPem]);
});

test('files that are removed while a server runs stay removed until the leaf is due', async () => {
  const dir = await tempDir();
  const { watch, renewed, errors, advance } = await startWatch(dir);
  await rm(`${dir}/data`, { recursive: true });
  await rm(`${dir}/state`, { recursive: true });
  await watch.check();
  expect([renewed, errors]).toEqual([[], []]);
  advance(25);
  await watch.check();
  expect(renewed).toHaveLength(1);
});

test('a failure is told, and the next look tries again', async () => {
  const dir = await tempDir();
  const { watch, advance, renewed, errors } = await startWatch(dir);
  advance(25);
  await rm(`${dir}/state`, { recursive: true });
  await writeFile(`${dir}/state`, 'in the way');
  await watch.check();
  expect(errors).toHaveLength(1);
  await rm(`${dir}/state`);
  await watch.check();
  expect(renewed).toHaveLength(1);
});

test('a closed watch says nothing more', async () => {
  const { watch, advance, renewed } = await startWatch(await tempDir());
  advance(25);
  const running = watch.check();
  watch.close();
  await running;
  expect(renewed).toEqual([]);
});

test('10,000 requests over three renewals: none fails, and new connections get the new leaf', async () => {
  const dir = await tempDir();
  const server = createSecureServer({ allowHTTP1: true }, (_request, response) => response.end('ok'));
  // The first leaf was made three weeks ago: it is due, and the clients' clocks still accept it.
  const { watch, advance, material, renewed, input } = await startWatch(
    dir,
    ({ keyPem, chainPem }) => server.setSecureContext({ key: keyPem, cert: chainPem }),
    -21,
  );
  server.setSecureContext({ key: material.keyPem, cert: material.chainPem });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const trust = { ca: material.caPem, servername: 'example.com' };

  const agent = new Agent({ keepAlive: true, maxSockets: 8, ...trust });
  onTestFinished(() => agent.destroy());
  const throughHttp1 = (fresh: boolean): Promise<number> =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, ...trust, agent: fresh ? false : agent } as const;
      request(options, (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)))
        .on('error', reject)
        .end();
    });
  const session: ClientHttp2Session = connect(`https://127.0.0.1:${port}`, trust);
  onTestFinished(() => session.destroy());
  const throughHttp2 = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ':path': '/' });
      let status = 0;
      stream.on('response', (headers) => (status = headers[':status'] ?? 0));
      stream.on('error', reject).on('end', () => resolve(status));
      stream.resume().end();
    });

  const renewByAnotherProcess = async (): Promise<void> => {
    await ensureCertificates({ ...input, renew: 'leaf' });
    await watch.check();
  };
  const renewals = new Map([
    [2500, () => (advance(21), watch.check())],
    [5000, renewByAnotherProcess],
    [7500, renewByAnotherProcess],
  ]);
  let sent = 0;
  const statuses = new Map<number, number>();
  const worker = async (): Promise<void> => {
    while (sent < 10_000) {
      sent += 1;
      const renewing = renewals.get(sent)?.();
      const turn = sent % 10;
      const status = await (turn === 0
        ? throughHttp1(true)
        : turn < 5
          ? throughHttp1(false)
          : throughHttp2());
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      await renewing;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  expect([...statuses]).toEqual([[200, 10_000]]);
  expect(renewed.map(({ issued }) => issued.length)).toEqual([1, 0, 0]);

  const socket = connectTls({ host: '127.0.0.1', port, ...trust });
  await once(socket, 'secureConnect');
  const served = socket.getPeerCertificate().fingerprint256;
  socket.destroy();
  expect(served).toBe(readCertificateFacts(renewed[2]?.chainPem ?? '')?.fingerprint256);
});

test('a renewed leaf is written beside an untouched root', async () => {
  const { watch, advance, material } = await startWatch(await tempDir());
  const before = await digestBytes(material.caFile);
  advance(25);
  await watch.check();
  expect(await digestBytes(material.caFile)).toBe(before);
});
