import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import type { JsonGeneralName } from '@peculiar/x509';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ensureBundle } from '../../src/certs/bundle.ts';
import { ensureCertificates } from '../../src/certs/ensure.ts';
import type { TlsMaterial } from '../../src/certs/material.ts';
import {
  authorityExtensions,
  exportPrivateKey,
  generateKeyPair,
  importIssuer,
  notAfterOf,
  signCertificate,
} from '../../src/certs/x509.ts';
import { certificateInput, makeCertificates } from '../helpers/certs-files.ts';
import { forgeLeaf } from '../helpers/certs-forgery.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const run = promisify(execFile);

/** A server with this material; answers every request. */
async function serve(material: Pick<TlsMaterial, 'keyPem' | 'chainPem'>): Promise<number> {
  const server = createServer({ key: material.keyPem, cert: material.chainPem }, (_request, response) => {
    response.setHeader('connection', 'close').end('hello');
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function verifyStrictly(
  material: Pick<TlsMaterial, 'chainPem' | 'caPem'>,
  ...more: string[]
): Promise<string> {
  const dir = await tempDir();
  const file = (name: string): string => path.join(dir, name);
  await writeFile(file('root.pem'), material.caPem);
  await writeFile(file('chain.pem'), material.chainPem);
  const purpose = ['-purpose', 'sslserver', '-x509_strict', '-check_ss_sig', ...more];
  const trust = ['-CAfile', file('root.pem'), '-untrusted', file('chain.pem')];
  const { stdout } = await run('openssl', ['verify', ...purpose, ...trust, file('chain.pem')]);
  return stdout.trim();
}

const PYTHON = `
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
with socket.create_connection(("127.0.0.1", int(sys.argv[2]))) as plain:
    with context.wrap_socket(plain, server_hostname=sys.argv[3]) as tls:
        tls.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        print(tls.recv(100).decode().split()[1])
`;

function getWithNode(port: number, servername: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, servername, ca, headers: { host: servername } }, (response) => {
      response
        .toArray()
        .then((chunks) => resolve(Buffer.concat(chunks).toString()))
        .catch(reject);
    }).on('error', reject);
  });
}

test.each(['ca', 'self-signed'] as const)(
  'openssl accepts the chain strictly for each host: %s',
  async (mode) => {
    const material = await ensureCertificates(certificateInput(await tempDir(), { mode }));
    for (const name of ['example.com', 'api.example.com']) {
      expect(await verifyStrictly(material, '-verify_hostname', name)).toMatch(/: OK$/);
    }
    await expect(verifyStrictly(material, '-verify_hostname', 'www.example.com')).rejects.toThrow(
      /mismatch/i,
    );
  },
);

test.each(['ca', 'self-signed'] as const)(
  'Node, curl and strict Python connect with the CA file: %s',
  async (mode) => {
    const material = await ensureCertificates(certificateInput(await tempDir(), { mode }));
    const port = await serve(material);
    expect(await getWithNode(port, 'api.example.com', material.caPem)).toBe('hello');
    const resolve = ['--resolve', `example.com:${port}:127.0.0.1`];
    const curl = await run('curl', [
      '-sS',
      '--noproxy',
      '*',
      '--cacert',
      material.caFile,
      ...resolve,
      `https://example.com:${port}/`,
    ]);
    expect(curl.stdout).toBe('hello');
    const python = await run('python3', ['-c', PYTHON, material.caFile, String(port), 'example.com']);
    expect(python.stdout.trim()).toBe('200');
  },
);

test('Node connects with NODE_EXTRA_CA_CERTS, and with the bundle in its place', async () => {
  const { material } = await makeCertificates(await tempDir());
  const port = await serve(material);
  const bundle = await ensureBundle({ material, env: {}, owner: null });
  const script = `require('node:https').get({ host: '127.0.0.1', port: ${port}, servername: 'example.com' }, (response) => console.log(response.statusCode))`;
  for (const file of [material.caFile, bundle]) {
    const { stdout } = await run(process.execPath, ['-e', script], { env: { NODE_EXTRA_CA_CERTS: file } });
    expect(stdout.trim()).toBe('200');
  }
});

let forger: Awaited<ReturnType<typeof makeCertificates>>;
let forgerDir: string;
beforeAll(async () => {
  forgerDir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-test-'));
  forger = await makeCertificates(forgerDir);
});
afterAll(() => rm(forgerDir, { recursive: true, force: true }));

const dns = (value: string): JsonGeneralName => ({ type: 'dns', value });

test('a leaf of our own making passes, so the refusals below are about names', async () => {
  const good = await forgeLeaf(forger.authority, 'example.com', [dns('example.com'), dns('*.example.com')]);
  expect(await verifyStrictly({ ...good, caPem: forger.material.caPem })).toMatch(/: OK$/);
});

test.each<[string, string, readonly JsonGeneralName[] | null]>([
  ['another site', 'www.google.com', [dns('www.google.com')]],
  ['another site behind a name of ours', 'example.com', [dns('example.com'), dns('example.org')]],
  ['a name that only ends like ours', 'notexample.com', [dns('notexample.com')]],
  ['a wildcard over the whole TLD', 'com', [dns('*.com')]],
  ['a TLD', 'com', [dns('com')]],
  ['an IPv4 address', '127.0.0.1', [{ type: 'ip', value: '127.0.0.1' }]],
  ['an IPv6 address', '::1', [{ type: 'ip', value: '::1' }]],
  ['only a common name', 'www.google.com', null],
  ['an e-mail address', 'x', [dns('example.com'), { type: 'email', value: 'ceo@example.org' }]],
  [
    'an e-mail address of a subdomain',
    'x',
    [dns('example.com'), { type: 'email', value: 'ceo@mail.example.org' }],
  ],
  ['a URI', 'x', [dns('example.com'), { type: 'url', value: 'https://example.org/' }]],
])(
  'a leaf that a thief of the intermediate’s key made is refused by openssl: %s',
  async (_case, commonName, names) => {
    const forged = await forgeLeaf(forger.authority, commonName, names);
    await expect(verifyStrictly({ ...forged, caPem: forger.material.caPem })).rejects.toThrow(
      /(permitted|excluded) subtree violation/,
    );
  },
);

test('the intermediate is held to the site also where a client takes it for its root', async () => {
  const forged = await forgeLeaf(forger.authority, 'www.google.com', [dns('www.google.com')]);
  const { intermediatePem } = forger.authority;
  const asRoot = verifyStrictly({ chainPem: forged.chainPem, caPem: intermediatePem }, '-partial_chain');
  await expect(asRoot).rejects.toThrow(/permitted subtree violation/);
});

test('an intermediate’s key makes no further CA', async () => {
  const issuer = await importIssuer(forger.authority.intermediatePem, forger.authority.intermediateKeyPem);
  const keys = await generateKeyPair({ extractable: true });
  const now = new Date();
  const notAfter = notAfterOf(now, 24 * 3_600_000);
  const subject = 'CN=below';
  const extensions = authorityExtensions('example.com', 0);
  const below = await signCertificate({
    subject,
    publicKey: keys.publicKey,
    issuer,
    now,
    notAfter,
    extensions,
  });
  const leaf = await forgeLeaf(
    { intermediatePem: below, intermediateKeyPem: await exportPrivateKey(keys.privateKey) },
    'example.com',
    [dns('example.com')],
  );
  const chainPem = leaf.chainPem + forger.authority.intermediatePem;
  await expect(verifyStrictly({ chainPem, caPem: forger.material.caPem })).rejects.toThrow(/path length/);
});

test('the bundle is the system’s certificates and our root, once, and no longer than that', async () => {
  const root = await tempDir();
  const { material } = await makeCertificates(root);
  await mkdir(path.join(root, 'etc/ssl/certs'), { recursive: true });
  const system = `${rootCertificates[0]}\n${rootCertificates[1]}\n`;
  await writeFile(
    path.join(root, 'etc/ssl/certs/ca-certificates.crt'),
    `# first\n${system}${material.caPem}`,
  );
  const bundle = await ensureBundle({ material, env: {}, owner: null, root });
  expect(await readFile(bundle, 'utf8')).toBe(system + material.caPem);
  // A list of the user's own (a company's proxy) comes before the system's; our own bundle does not count as one.
  await writeFile(path.join(root, 'company.pem'), `${rootCertificates[2]}\n`);
  await ensureBundle({ material, env: { SSL_CERT_FILE: path.join(root, 'company.pem') }, owner: null, root });
  expect(await readFile(bundle, 'utf8')).toBe(`${rootCertificates[2]}\n${material.caPem}`);
  await ensureBundle({ material, env: { SSL_CERT_FILE: bundle }, owner: null, root });
  expect(await readFile(bundle, 'utf8')).toBe(system + material.caPem);
});

test('without a system bundle Mozilla’s list in Node is taken', async () => {
  const root = await tempDir();
  const { material } = await makeCertificates(root);
  const bundle = await readFile(await ensureBundle({ material, env: {}, owner: null, root }), 'utf8');
  expect(bundle.match(/BEGIN CERTIFICATE/g)).toHaveLength(rootCertificates.length + 1);
});
