import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import selfsigned from 'selfsigned';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { explain } from '../../src/verdicts/explain/explain.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** What a client says on stdout and stderr, however it ends. */
async function wordsOf(file: string, args: readonly string[]): Promise<string> {
  const dir = await tempDir();
  return new Promise((resolve) => {
    execFile(file, args, { cwd: dir, env: cleanEnv(dir) }, (_error, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    );
  });
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

let pair: { readonly key: string; readonly cert: string };

beforeAll(async () => {
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }]);
  pair = { key, cert };
});

type Client = readonly [name: string, file: string, args: (url: string) => readonly string[]];

const CLIENTS: readonly Client[] = [
  ['curl', 'curl', (url) => ['-sS', url]],
  [
    'Node’s fetch',
    process.execPath,
    (url) => ['-e', `fetch('${url}').catch((error) => console.error(error))`],
  ],
  [
    'Node’s https',
    process.execPath,
    (url) => [
      '-e',
      `require('${url.split(':')[0]}').get('${url}').on('error', (error) => console.error(error))`,
    ],
  ],
  ['Python', 'python3', (url) => ['-c', `import urllib.request; urllib.request.urlopen('${url}')`]],
];

/** Codes, or names where there is no code. */
const meaning = (text: string): readonly string[] => explain(text).map(({ code, name }) => code ?? name);

describe.each(CLIENTS)('what %s says', (name, file, args) => {
  test('of an untrusted certificate', async () => {
    const port = await listen(https.createServer(pair));
    const expected = name.startsWith('Node') ? 'JD302' : 'JD303';
    expect(meaning(await wordsOf(file, args(`https://localhost:${port}/`)))).toEqual([expected]);
  });

  test('of a port that nobody listens on', async () => {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(meaning(await wordsOf(file, args(`http://127.0.0.1:${port}/`)))).toEqual(['connection-refused']);
  });

  test('of a name that nobody has', async () => {
    expect(meaning(await wordsOf(file, args('http://no-such-name.invalid/')))).toEqual(['JD501']);
  });

  test('of a server that speaks no TLS', async () => {
    const port = await listen(http.createServer((_request, response) => response.end()));
    expect(meaning(await wordsOf(file, args(`https://127.0.0.1:${port}/`)))).toEqual(['tls-to-plain-port']);
  });

  test('of a server that hangs up', async () => {
    const port = await listen(http.createServer((request) => request.socket.destroy()));
    expect(meaning(await wordsOf(file, args(`http://127.0.0.1:${port}/`)))).toEqual(['connection-lost']);
  });
});
