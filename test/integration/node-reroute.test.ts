import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureProjectCertificates } from '../../src/commands/certs-project.ts';
import { ensureClientFiles } from '../../src/environment/client-files.ts';
import { clientVariables } from '../../src/environment/client-variables.ts';
import { commandWorld } from '../helpers/certs-context.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { buildReroute } from '../helpers/reroute-build.ts';

const clients = fileURLToPath(new URL('../fixtures/node-clients.mjs', import.meta.url));

let dir: string;
let secure: http2.Http2SecureServer;
let plain: http.Server;
let preload: string;
let files: Parameters<typeof clientVariables>[2];

const portOf = (server: http.Server | http2.Http2SecureServer): number =>
  (server.address() as AddressInfo).port;
const listening = (server: http.Server | http2.Http2SecureServer): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

beforeAll(async () => {
  // With what NODE_OPTIONS needs to have quoted.
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev "a b" '));
  await mkdir(path.join(dir, 'home'));
  const { context, config } = await commandWorld(dir);
  const material = await ensureProjectCertificates(config, context, null);
  secure = http2.createSecureServer(
    { key: material.keyPem, cert: material.chainPem, allowHTTP1: true },
    (request, response) => {
      const { servername } = (request.stream?.session?.socket ?? request.socket) as TLSSocket;
      response.end(`${request.headers[':authority'] ?? request.headers.host} by ${servername}`);
    },
  );
  plain = http.createServer((request, response) => response.end(`plain ${request.headers.host}`));
  await Promise.all([listening(secure), listening(plain)]);
  preload = await buildReroute(dir);
  files = await ensureClientFiles({
    facts: { caFile: material.caFile, bundleFile: material.caFile },
    env: {},
    stateDir: path.join(dir, 'state'),
    owner: null,
    preload: new URL(`file://${preload}`),
  });
});

afterAll(async () => {
  for (const server of [secure, plain]) await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true, force: true });
});

async function run(args: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args], {
    env: cleanEnv(dir, { ...(variables('rootless') as Record<string, string>), ...extra }),
  });
  return stdout;
}

function variables(mode: 'rootless' | 'hosts') {
  const facts = {
    mode,
    frontend: '',
    api: '',
    control: '',
    proxy: null,
    address: '127.0.0.1',
    httpsPort: portOf(secure),
    httpPort: portOf(plain),
    caFile: '',
    bundleFile: '',
    hostnames: ['example.com', 'api.example.com'],
  };
  return clientVariables(facts, {}, files);
}

test('every Node client reaches the names on their usual ports, and everything else as ever', async () => {
  const found = JSON.parse(
    await run([clients], { LOCAL_URL: `http://127.0.0.1:${portOf(plain)}` }),
  ) as object;
  const frontend = 'example.com by example.com';
  const api = 'api.example.com by api.example.com';
  expect(found).toEqual({
    fetch: frontend,
    'fetch http': 'plain example.com',
    'https with a URL text': api,
    'https with a URL object': api,
    'https without an agent': frontend,
    'https with a frozen object': frontend,
    'https with a family': frontend,
    'https without happy eyeballs': frontend,
    'https with a lookup': frontend,
    http: 'plain example.com',
    http2: 'example.com:443 by example.com',
    'tls with port and host': 'open true',
    'tls over a socket of its own': 'open true',
    'a socket that is connected later': 'open',
    'https to an address that was looked up': frontend,
    'http to an address that was looked up': 'plain example.com',
    'a worker thread': frontend,
    'a child of a child': frontend,
    'a request that asks a proxy for https, as older axios does': api,
    'the same for another host': `plain 127.0.0.1:${portOf(plain)}`,
    'another port of the name': 'failed: ECONNREFUSED',
    'another host': `plain 127.0.0.1:${portOf(plain)}`,
    'another host, looked up': '{"address":"127.0.0.1","family":4}',
  });
});

test('in hosts mode the names need no hosts entry, and the port is the one of the URL', async () => {
  const source = `
    const { lookup } = await import('node:dns/promises');
    const body = await (await fetch('https://api.example.com:${portOf(secure)}/')).text();
    console.log(body, (await lookup('example.com')).address);`;
  const answer = await run(['--input-type=module', '-e', source], {
    JWT_DEV_REROUTE: variables('hosts')['JWT_DEV_REROUTE'] ?? '',
  });
  expect(answer).toBe(`api.example.com:${portOf(secure)} by api.example.com 127.0.0.1\n`);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['null', 'null'],
  ['a number', '7'],
  ['no names', '{"address":"127.0.0.1","ports":{}}'],
  ['names that are none', '{"hostnames":[1,null,{}],"address":"127.0.0.1","ports":{"x":-1}}'],
  ['an address that is a name', '{"hostnames":["example.com"],"address":"localhost","ports":{"443":1}}'],
  ['no ports', '{"hostnames":["example.com"],"address":"127.0.0.1","ports":null}'],
])('a variable that holds %s changes nothing', async (_what, value) => {
  const source = `
    const net = require('node:net');
    net.connect(${portOf(plain)}, '127.0.0.1', function () {
      this.destroy();
      net.connect({ port: ${portOf(plain)} }).once('error', (error) => console.log(error.code)).once('connect', function () {
        this.destroy();
        console.log('connected');
      });
    });`;
  expect(await run(['-e', source], { JWT_DEV_REROUTE: value })).toBe('connected\n');
});

test('two copies of the preload are as good as one', async () => {
  const source = `
    require(${JSON.stringify(preload)});
    fetch('https://example.com/').then((answer) => answer.text()).then(console.log);`;
  expect(await run(['-e', source])).toBe('example.com by example.com\n');
});
