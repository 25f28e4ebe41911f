import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { cleanEnv, type RunningUp, startUp } from '../helpers/cli.ts';

const exec = promisify(execFile);

// A Vite project as `npm create vite` makes it, without any configuration: it ignores PORT and refuses unknown hosts.
let dir = '';
let running: RunningUp | undefined;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-vite-'));
  const files = {
    'package.json': JSON.stringify({ private: true, type: 'module', scripts: { dev: 'vite' } }),
    'index.html': '<!doctype html><title>shop</title><script type="module" src="/main.js"></script>',
    'main.js': 'document.body.textContent = "ready";\nif (import.meta.hot) import.meta.hot.accept();\n',
    'jwt-dev.config.json': JSON.stringify({ frontend: { command: 'npm run dev' } }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(dir, name), content);
  await exec('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-save', 'vite@8'], {
    cwd: dir,
  });
  running = await startUp(['--https-port', '0', '--http-port', 'none'], {
    bin: inject('installedBin'),
    cwd: dir,
    env: cleanEnv(dir),
  });
});
afterAll(async () => {
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

function origin(): URL {
  return new URL(running?.ready.frontend ?? '');
}

/** curl as people use it: the CA named, the name mapped, nothing ignored. */
async function curl(pathname: string, ...args: readonly string[]): Promise<string> {
  const { hostname, port } = origin();
  const { stdout } = await exec('curl', [
    '-sS',
    '--cacert',
    running?.ready.caFile ?? '',
    '--resolve',
    `${hostname}:${port}:127.0.0.1`,
    ...args,
    new URL(pathname, origin()).href,
  ]);
  return stdout;
}

test('its page and its modules come through, on the host that it was never told about', async () => {
  expect(await curl('/', '-o', '/dev/null', '-w', '%{http_code}')).toBe('200');
  expect(await curl('/')).toContain('/@vite/client');
  expect(await curl('/main.js')).toContain('import.meta.hot');
});

test('its port was found where it listens', () => {
  expect(running?.stderr()).toMatch(/example\.com \| .*Local: .*http:\/\/localhost:\d+\//);
});

test('hot updates reach the page over the WebSocket of the same origin', async () => {
  const token = /const wsToken = "([^"]+)"/.exec(await curl('/@vite/client'))?.[1] ?? '';
  const socket = await webSocket(`/?token=${token}`);
  await curl('/main.js');
  await writeFile(
    path.join(dir, 'main.js'),
    (await readFile(path.join(dir, 'main.js'), 'utf8')).replace('ready', 'new'),
  );
  await vi.waitFor(() => expect(socket.received()).toMatch(/"type":"(update|full-reload)"/), 20_000);
  expect(socket.received()).toContain('HTTP/1.1 101 Switching Protocols');
  socket.end();
});

/** A WebSocket as a browser opens it. Frames of servers are not masked, so their JSON can be read as it comes. */
async function webSocket(pathname: string) {
  const { host, hostname, port } = origin();
  const socket = tls.connect({
    host: '127.0.0.1',
    port: Number(port),
    servername: hostname,
    ca: await readFile(running?.ready.caFile ?? ''),
    ALPNProtocols: ['http/1.1'],
  });
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  socket.write(
    [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: vite-hmr',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Origin: ${origin().origin}`,
      '\r\n',
    ].join('\r\n'),
  );
  await vi.waitFor(() => expect(received).toContain('"type":"connected"'), 20_000);
  return { received: () => received, end: () => socket.destroy() };
}
