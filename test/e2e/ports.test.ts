import { once } from 'node:events';
import { chmod, chown, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openTerminal } from '../helpers/terminal.ts';

const WAIT = { timeout: 20_000, interval: 50 };

/** The first port that every user may listen on; Linux lets an administrator lower it. */
async function firstFreeForAll(): Promise<number> {
  return Number(await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
}

const NOBODY = 65_534;
/** Before the program itself: its Node may lie where only root can start it. */
const DROP_PRIVILEGES = `--import=data:text/javascript,process.setgroups([]);process.setgid(${NOBODY});process.setuid(${NOBODY})`;

/** A user without privileges and a home of its own: `nobody` where the tests run as root, else whoever runs them. */
async function ordinaryUser() {
  const cwd = await tempDir();
  const bin = inject('installedBin');
  if (process.getuid?.() !== 0) return { bin, cwd, env: cleanEnv(cwd) };
  await chown(cwd, NOBODY, NOBODY);
  await chmod(cwd, 0o700);
  return { bin, cwd, env: cleanEnv(cwd, { NODE_OPTIONS: DROP_PRIVILEGES }) };
}

test('without the privilege for 443 and without a terminal it is exit code 4 with the ways out', async () => {
  expect(await firstFreeForAll()).toBeGreaterThan(443);
  const result = await runCli(['up', '--json'], await ordinaryUser());
  expect(result.exitCode).toBe(4);
  expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'ERR_PRIVILEGE_REQUIRED' } });
  for (const way of [
    '--rootless',
    'sudo',
    'ip_unprivileged_port_start',
    '--https-port 8443',
    '--fallback ports',
  ]) {
    expect(result.stderr).toContain(way);
  }
});

test('with the fallback to other ports it says so and takes one', async () => {
  const up = await startUp(['--fallback', 'ports'], await ordinaryUser());
  onTestFinished(async () => void (await up.stop()));
  expect(up.ready.httpsPort).toBeGreaterThanOrEqual(1024);
  expect(up.ready.frontend).toBe(`https://example.com:${up.ready.httpsPort}`);
  expect(up.stderr()).toContain('Port 443 needs a privilege');
  expect(up.stderr()).toContain(String(up.ready.httpsPort));
});

test('with the fallback to rootless mode it says so, and the URLs have no port', async () => {
  const up = await startUp(['--fallback', 'rootless'], await ordinaryUser());
  onTestFinished(async () => void (await up.stop()));
  expect(up.ready).toMatchObject({
    mode: 'rootless',
    frontend: 'https://example.com',
    api: 'https://api.example.com',
    proxy: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect(up.stderr()).toContain('this run is rootless');
});

test('a person is asked, and yes means rootless', async () => {
  const { bin, cwd, env } = await ordinaryUser();
  const terminal = openTerminal([process.execPath, bin, 'up'], { cwd, env: { ...env, NO_COLOR: '1' } });
  onTestFinished(() => void terminal.child.kill());
  await vi.waitFor(() => expect(terminal.screen()).toContain('Use rootless mode for this run?'), WAIT);
  terminal.type('y\n');
  await vi.waitFor(() => expect(terminal.screen()).toContain('/proxy.pac'), WAIT);
  expect(terminal.screen()).toMatch(/Frontend +https:\/\/example\.com /);
  expect(terminal.screen()).not.toContain('hosts --apply');
  terminal.type('\u0003');
  expect(await terminal.exitCode).toBe(0);
});

test('with strict ports a missing privilege is exit code 4 with the ways out', async () => {
  const result = await runCli(['up', '--strict-port', '--json'], await ordinaryUser());
  expect(result.exitCode).toBe(4);
  expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'ERR_PRIVILEGE_REQUIRED' } });
  expect(result.stderr).toContain('ip_unprivileged_port_start');
  expect(result.stderr).toContain('--https-port');
});

test('two environments run side by side on ports of their own', async () => {
  const options = { bin: inject('installedBin'), cwd: await tempDir() };
  const free = ['--https-port', '0', '--http-port', '0'];
  const [one, two] = await Promise.all([
    startUp(free, options),
    startUp(free, { ...options, cwd: await tempDir() }),
  ]);
  expect(one.ready.httpsPort).not.toBe(two.ready.httpsPort);
  expect(await Promise.all([one.stop(), two.stop()])).toEqual([0, 0]);
});

test('a second Ctrl-C ends it at once, with a request still in flight', async () => {
  const hanging = createServer();
  const asked = once(hanging, 'request');
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    hanging.closeAllConnections();
    hanging.close();
  });
  const frontend = String((hanging.address() as AddressInfo).port);
  const options = { bin: inject('installedBin'), cwd: await tempDir() };
  const up = await startUp(['--https-port', '0', '--http-port', 'none', '--frontend', frontend], options);
  const ca = await readFile(up.ready.caFile, 'utf8');
  const socket = connect({ port: up.ready.httpsPort, host: '127.0.0.1', servername: 'example.com', ca });
  socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n');
  await asked;
  up.child.kill('SIGINT');
  await vi.waitFor(() => expect(up.stderr()).toContain('Stopping'));
  expect(await up.stop('SIGINT')).toBe(130);
});

test('no deprecation warning, with a login and a WebSocket', async () => {
  const cwd = await tempDir();
  const env = cleanEnv(cwd, { NODE_OPTIONS: '--trace-deprecation --trace-warnings' });
  const up = await startUp(['--https-port', '0', '--http-port', '0'], {
    bin: inject('installedBin'),
    cwd,
    env,
  });
  onTestFinished(async () => void (await up.stop()));
  const { Agent, fetch } = await import('undici');
  const dispatcher = new Agent({
    connect: {
      ca: await readFile(up.ready.caFile, 'utf8'),
      lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    },
  });
  onTestFinished(() => dispatcher.close());
  const login = await fetch(`${up.ready.api}/auth/login/`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"username":"alice","password":"alice"}',
  });
  expect(login.status).toBe(200);
  expect(login.headers.getSetCookie()).toHaveLength(2);
  // The upgrade's engine is loaded by the first upgrade, whatever the upstream says to it.
  expect(await upgrade(up.ready.httpsPort, await readFile(up.ready.caFile, 'utf8'))).toMatch(
    /^HTTP\/1\.1 \d{3} /,
  );
  await up.stop();
  expect(up.stderr()).not.toMatch(/Deprecat|Warning:/);
});

/** Asks the frontend for a WebSocket; answers what comes back. */
function upgrade(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'example.com', ca }, () => {
      socket.write(
        'GET /hmr HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
    });
    socket.once('data', (data: Buffer) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
