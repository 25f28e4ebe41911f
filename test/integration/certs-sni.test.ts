import { randomBytes } from 'node:crypto';
import { connect } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificates, snapshotTree } from '../helpers/certs-files.ts';
import { startProxy } from '../helpers/proxy-fixture.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const ATTEMPTS = 10_000;

/** One handshake for a name; true where it succeeded. */
function handshake(port: number, servername: string, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername,
      ca,
      ALPNProtocols: ['h2', 'http/1.1'],
      // The question is what the server does, not what this client thinks of the certificate.
      rejectUnauthorized: false,
    });
    socket.once('secureConnect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is still in use after everything unused has gone. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('10,000 random names: each is refused, no file is written, and memory stays flat', async () => {
  const dir = await tempDir();
  const { material } = await makeCertificates(dir);
  const tls = { key: material.keyPem, cert: material.chainPem };
  const proxy = await startProxy([], { tls });
  onTestFinished(() => proxy.close());
  const before = await snapshotTree(dir);
  expect(await handshake(proxy.httpsPort, 'api.example.com', material.caPem)).toBe(true);

  let started = 0;
  let accepted = 0;
  let memoryAtFirstTenth = 0;
  const worker = async (): Promise<void> => {
    while (started < ATTEMPTS) {
      started += 1;
      if (started === ATTEMPTS / 10) memoryAtFirstTenth = memoryInUse();
      const name = `${randomBytes(8).toString('hex')}.${started % 2 === 0 ? 'com' : 'example.com'}`;
      if (await handshake(proxy.httpsPort, name, material.caPem)) accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));

  expect(accepted).toBe(0);
  expect(await snapshotTree(dir)).toEqual(before);
  // A certificate kept for each of the other 9,000 names would be over 20 MB.
  expect(memoryInUse() - memoryAtFirstTenth).toBeLessThan(8 * 1024 * 1024);
  expect(await handshake(proxy.httpsPort, 'example.com', material.caPem)).toBe(true);
});
