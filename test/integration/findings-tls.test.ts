import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { StoredFinding } from '../../src/environment/watch/finding-store.ts';
import { launchChromium } from '../helpers/browser.ts';
import { makeCertificates } from '../helpers/certs-files.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { type FindingsEnvironment, startFindings } from '../helpers/findings-environment.ts';
import { expiredLeaf } from '../helpers/findings-expired.ts';

const run = promisify(execFile);
let dir: string;
let environment: FindingsEnvironment;

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-findings-'));
  environment = await startFindings({ dir, api: (_request, response) => response.end('fine') });
});

afterAll(async () => {
  await environment.close();
  await rm(dir, { recursive: true, force: true });
});

/** What a client's failure left behind: it may be told a moment after the client knows. */
async function found(of = environment): Promise<readonly StoredFinding[]> {
  const all: StoredFinding[] = [];
  await vi.waitFor(
    async () => {
      all.push(...(await of.take()));
      expect(all).not.toEqual([]);
    },
    { timeout: 10_000 },
  );
  return all;
}

const fetchWithNode = (...more: readonly string[]) =>
  run(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import https from 'node:https';
const ask = () => new Promise((resolve) => https.get({ host: '127.0.0.1', port: ${environment.port}, servername: 'api.example.com', agent: false, ${more.join()} }, (answer) => answer.resume().on('end', () => resolve('fine'))).on('error', (error) => resolve(error.code)));
for (let count = 0; count < 3; count += 1) console.log(await ask());`,
    ],
    { env: cleanEnv(dir) },
  );

const curl = (url: string, ...more: readonly string[]) =>
  run(
    'curl',
    [
      '-sS',
      '--noproxy',
      '*',
      '--resolve',
      `api.example.com:${environment.port}:127.0.0.1`,
      '--resolve',
      `other.example.com:${environment.port}:127.0.0.1`,
      ...more,
      url,
    ],
    { env: cleanEnv(dir) },
  );

test('JD301: Chromium that does not trust the CA', async () => {
  const { material } = await makeCertificates(path.join(dir, 'another-ca'));
  const browser = await launchChromium(path.join(dir, 'stranger'), material.caFile, ['api.example.com']);
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await expect(page.goto(environment.api)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  expect(await found()).toMatchObject([
    {
      code: 'JD301',
      host: 'api.example.com',
      subject: 'Chromium',
      evidence: expect.stringContaining('certificate_unknown'),
    },
  ]);
});

test('JD302: Node that does not trust the CA', async () => {
  expect((await fetchWithNode()).stdout.trim().split('\n')).toEqual(
    Array.from({ length: 3 }, () => expect.stringMatching(/^UNABLE_TO_/) as string),
  );
  expect(await found()).toMatchObject([{ code: 'JD302', host: 'api.example.com', subject: 'Node' }]);
});

test('JD303: curl and Python that do not trust the CA', async () => {
  await expect(curl(`${environment.api}/`)).rejects.toThrow('SSL certificate problem');
  expect(await found()).toMatchObject([{ code: 'JD303', host: 'api.example.com' }]);
  const python = `import urllib.request, socket
real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: real('127.0.0.1', *rest, **more)
urllib.request.urlopen('${environment.api}/')`;
  await expect(run('python3', ['-c', python], { env: cleanEnv(dir) })).rejects.toThrow(
    'CERTIFICATE_VERIFY_FAILED',
  );
  expect(await found()).toMatchObject([{ code: 'JD303', host: 'api.example.com' }]);
});

test('JD304: a name that the certificate does not have', async () => {
  const ca = ['--cacert', environment.caFile];
  await expect(curl(`https://other.example.com:${environment.port}/`, ...ca)).rejects.toThrow('alert');
  expect(await found()).toMatchObject([
    { code: 'JD304', host: 'other.example.com', evidence: expect.stringContaining('api.example.com') },
  ]);
});

test('JD305: plain http at the TLS port, which is sent on to https all the same', async () => {
  const answer = await curl(
    `http://api.example.com:${environment.port}/`,
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
  );
  expect(answer.stdout).toMatch(/^30[178]$/);
  expect(await found()).toMatchObject([{ code: 'JD305', host: 'example.com' }]);
});

test('JD306: a certificate that is over', async () => {
  const expired = await expiredLeaf(path.join(dir, 'expired'));
  const late = await startFindings({
    dir: path.join(dir, 'late'),
    api: (_request, response) => response.end(),
    proxy: { tls: { key: expired.keyPem, cert: expired.chainPem } },
  });
  onTestFinished(() => late.close());
  const caFile = path.join(dir, 'expired-ca.pem');
  await writeFile(caFile, expired.caPem);
  const url = `https://api.example.com:${late.port}/`;
  const args = ['-sS', '--cacert', caFile, '--resolve', `api.example.com:${late.port}:127.0.0.1`, url];
  await expect(run('curl', args, { env: cleanEnv(dir) })).rejects.toThrow('expired');
  expect(await found(late)).toMatchObject([{ code: 'JD306', host: 'api.example.com' }]);
});

test('clients that trust the CA, and those that leave again at once, raise nothing', async () => {
  await curl(`${environment.api}/`, '--cacert', environment.caFile);
  for (let count = 0; count < 20; count += 1) {
    await new Promise<void>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: environment.port, servername: 'api.example.com' };
      const socket = tls.connect({ ...options, rejectUnauthorized: false }, () => socket.destroy());
      socket.once('close', () => resolve()).once('error', reject);
    });
  }
  await curl(`${environment.api}/`, '--cacert', environment.caFile);
  expect(await environment.take()).toEqual([]);
});
