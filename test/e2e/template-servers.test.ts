import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { openAuthApi } from '../../src/auth/entry.ts';
import { launchChromium } from '../helpers/browser.ts';
import { cleanEnv, runCli } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const exec = promisify(execFile);

/** A project with the demo page as its build and with certificates of its own, and a backend that really listens. */
async function world(name: 'caddy' | 'nginx') {
  const home = await tempDir();
  const cli = async (...args: readonly string[]) => {
    const result = await runCli(args, { bin: inject('installedBin'), cwd: home, env: cleanEnv(home) });
    if (result.exitCode !== 0) throw new Error(result.stderr);
    return result.stdout;
  };
  await cli('init', '--yes', '--template', 'vanilla');
  await cli('certs', '--export', 'certs');
  const [httpsPort, httpPort] = await Promise.all([freePort(), freePort()]);
  const api = await startBackend(`https://example.com:${httpsPort}`);
  const root = path.join(home, 'public');
  await mkdir(path.join(root, 'assets'));
  await writeFile(path.join(root, 'assets/app-1234.js'), '// built');
  const flags = {
    '--api': `127.0.0.1:${api}`,
    '--root': root,
    '--cert': path.join(home, 'certs/chain.pem'),
    '--key': path.join(home, 'certs/key.pem'),
    '--https-port': String(httpsPort),
    '--http-port': String(httpPort),
  };
  await cli('export', name, 'deploy', ...Object.entries(flags).flat());
  return { home, httpsPort, httpPort, caFile: path.join(home, 'certs/ca.pem') };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The auth API as a backend of one's own mounts it, and a path that answers what the proxy told it. */
async function startBackend(frontendOrigin: string): Promise<number> {
  const auth = await openAuthApi({ frontendOrigin });
  const server = createServer((request, response) => {
    if (request.url !== '/headers') auth.app(request, response);
    else response.end(JSON.stringify(request.headers));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await auth.close();
  });
  return (server.address() as AddressInfo).port;
}

async function run(command: string, args: readonly string[], env: Record<string, string>, port: number) {
  const child: ChildProcess = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`${command} ended:\n${said}`);
      await connects(port);
    },
    { timeout: 30_000, interval: 100 },
  );
}

async function connects(port: number): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

async function serve(name: 'caddy' | 'nginx', { home, httpsPort }: Awaited<ReturnType<typeof world>>) {
  if (name === 'caddy') {
    const file = path.join(home, 'deploy/Caddyfile');
    // Its control socket and its storage are in the test's own home.
    const env = cleanEnv(home, { CADDY_ADMIN: `unix/${path.join(home, 'caddy.sock')}`, XDG_DATA_HOME: home });
    await exec('caddy', ['validate', '--adapter', 'caddyfile', '--config', file], { env });
    await run('caddy', ['run', '--adapter', 'caddyfile', '--config', file], env, httpsPort);
    return;
  }
  const main = path.join(home, 'nginx.conf');
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((place) => `${place}_temp_path ${home}/${place};`)
    .join('\n');
  await writeFile(
    main,
    `daemon off; pid ${home}/nginx.pid; error_log stderr; worker_processes 1; events {}
${process.getuid?.() === 0 ? 'user root;' : ''}
http { include /etc/nginx/mime.types; access_log off; ${places} include ${home}/deploy/*.conf; }\n`,
  );
  const env = cleanEnv(home, { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` });
  await exec('nginx', ['-t', '-e', 'stderr', '-c', main], { env });
  await run('nginx', ['-e', 'stderr', '-c', main], env, httpsPort);
}

test.each(['caddy', 'nginx'] as const)(
  '%s accepts its export and serves the demo over TLS: headers, routes, redirects, and a log-in in a browser',
  async (name) => {
    const site = await world(name);
    const { home, httpsPort, httpPort, caFile } = site;
    await serve(name, site);
    const curl = async (url: string, ...args: readonly string[]) => {
      const { stdout } = await exec('curl', [
        '-sSi',
        '--http1.1',
        '--cacert',
        caFile,
        ...[httpsPort, httpPort].flatMap((port) => ['--resolve', `*:${port}:127.0.0.1`]),
        ...args,
        url,
      ]);
      return stdout;
    };
    const frontend = `https://example.com:${httpsPort}`;
    const page = await curl(`${frontend}/`);
    expect(page).toMatch(/^HTTP\/1.1 200/);
    expect(page).toMatch(
      new RegExp(`content-security-policy: .*connect-src 'self' https://api.example.com:${httpsPort};`, 'i'),
    );
    expect(page).toMatch(/cache-control: no-cache/i);
    expect(await curl(`${frontend}/some/route`)).toContain('<title>jwt-dev');
    expect(await curl(`${frontend}/missing.js`)).toMatch(/^HTTP\/1.1 404/);
    expect(await curl(`${frontend}/assets/app-1234.js`)).toMatch(/cache-control: .*max-age=31536000/i);
    expect(await curl(`http://example.com:${httpPort}/a?b=c`)).toMatch(
      new RegExp(`location: https://example.com:${httpsPort}/a\\?b=c`, 'i'),
    );
    await expect(curl(`https://other.example.com:${httpsPort}/`)).rejects.toThrow(/curl: \(35\)/);

    const claims = [
      'X-Forwarded-For: 6.6.6.6',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Port: 1',
      'Forwarded: for=6.6.6.6',
    ];
    const answer = await curl(
      `https://api.example.com:${httpsPort}/headers`,
      ...claims.flatMap((line) => ['-H', line]),
    );
    const seen = JSON.parse(answer.slice(answer.indexOf('{'))) as Record<string, string>;
    expect(seen).toMatchObject({
      host: `api.example.com:${httpsPort}`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': `api.example.com:${httpsPort}`,
      'x-forwarded-port': String(httpsPort),
    });
    expect(seen).not.toHaveProperty('forwarded');

    const browser = await launchChromium(path.join(home, 'browser'), caFile, [
      'example.com',
      'api.example.com',
    ]);
    onTestFinished(() => browser.close());
    const context = await browser.newContext();
    const tab = await context.newPage();
    await tab.goto(`${frontend}/`);
    const form = tab.locator('#register-form');
    await form.getByLabel('Username').fill('ann');
    await form.getByLabel('E-mail').fill('ann@example.com');
    await form.getByLabel('Password', { exact: true }).fill('a long pass phrase');
    await form.getByLabel('Password again').fill('a long pass phrase');
    await form.getByRole('button').click();
    const who = tab.locator('#who');
    await vi.waitFor(async () => expect(await who.textContent()).toBe('Logged in as ann'), {
      timeout: 20_000,
    });
    const cookies = await context.cookies(`https://api.example.com:${httpsPort}`);
    expect(cookies.map((cookie) => [cookie.name, cookie.domain, cookie.secure, cookie.httpOnly])).toEqual([
      ['jwt-access-token', 'api.example.com', true, true],
      ['jwt-refresh-token', 'api.example.com', true, true],
    ]);
    await tab.reload();
    await vi.waitFor(async () => expect(await who.textContent()).toBe('Logged in as ann'), {
      timeout: 20_000,
    });
  },
);

test('compose: the schema of Compose accepts it, Caddy accepts its Caddyfile, and both name the project', async () => {
  const home = await tempDir();
  const config = {
    frontend: { host: 'shop.test', upstream: { directory: 'web/build' } },
    api: { host: 'back.shop.test', upstream: 8000 },
  };
  await writeFile(path.join(home, 'jwt-dev.config.json'), JSON.stringify(config));
  const options = { bin: inject('installedBin'), cwd: home, env: cleanEnv(home) };
  expect((await runCli(['export', 'compose'], options)).exitCode).toBe(0);
  const env = { API_IMAGE: 'shop/api:1' };
  const settings = { cwd: path.join(home, 'deploy'), env: cleanEnv(home, env) };
  const { stdout } = await exec('docker-compose', ['-f', 'compose.yaml', 'config'], settings);
  expect(stdout).toContain(`${home}/web/build:/srv/www:ro`);
  expect(stdout).toContain('FRONTEND_ORIGIN: https://shop.test');
  await expect(
    exec('docker-compose', ['-f', 'compose.yaml', 'config'], { ...settings, env: cleanEnv(home) }),
  ).rejects.toThrow(/API_IMAGE/);
  await exec('caddy', ['validate', '--adapter', 'caddyfile', '--config', 'Caddyfile'], settings);
  const caddyfile = await readFile(path.join(home, 'deploy/Caddyfile'), 'utf8');
  expect(caddyfile).toContain('reverse_proxy api:8000');
  expect(caddyfile).toContain('https://back.shop.test {');
});

test('a second export changes nothing; what was edited since is kept without --force', async () => {
  const home = await tempDir();
  const options = { bin: inject('installedBin'), cwd: home, env: cleanEnv(home) };
  await runCli(['export', 'nginx'], options);
  const file = path.join(home, 'deploy/example.com.conf');
  await cp(file, path.join(home, 'first'));
  expect((await runCli(['export', 'nginx'], options)).stdout).toContain('Already like that');
  await writeFile(file, '# mine');
  expect((await runCli(['export', 'nginx'], options)).stdout).toContain('Kept, because yours differs');
  expect(await readFile(file, 'utf8')).toBe('# mine');
  expect((await runCli(['export', 'nginx', '--force', '--json'], options)).stdout).toContain(
    '"action":"replace"',
  );
  expect(await readFile(file, 'utf8')).toBe(await readFile(path.join(home, 'first'), 'utf8'));
  expect((await runCli(['export', 'apache'], options)).exitCode).toBe(2);
  expect((await runCli(['export', 'caddy', '--cert', 'a.pem'], options)).exitCode).toBe(2);
});
