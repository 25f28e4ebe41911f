import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const FREE_PORTS = ['--https-port', '0', '--http-port', '0'];
const exec = promisify(execFile);

const cli = (args: readonly string[], cwd: string, env: Record<string, string> = {}) =>
  runCli(args, { bin: inject('installedBin'), cwd, env: cleanEnv(cwd, env) });
const up = async (cwd: string, args: readonly string[] = FREE_PORTS) => {
  const running = await startUp(args, { bin: inject('installedBin'), cwd, env: cleanEnv(cwd) });
  onTestFinished(async () => void (await running.stop()));
  return running;
};

/** curl as people use it: the CA named, the name mapped, nothing ignored. */
async function curl(
  origin: string,
  caFile: string,
  pathname: string,
  ...args: readonly string[]
): Promise<string> {
  const { hostname, port } = new URL(origin);
  const { stdout } = await exec('curl', [
    '-sS',
    '--cacert',
    caFile,
    '--resolve',
    `${hostname}:${port}:127.0.0.1`,
    ...args,
    `${origin}${pathname}`,
  ]);
  return stdout;
}

describe('up in an empty directory', () => {
  test('serves both hosts over TLS, on HTTP/1.1 and HTTP/2, and leaves nothing behind', async () => {
    const dir = await tempDir();
    const running = await up(dir);
    const { frontend, api, caFile, httpsPort } = running.ready;
    expect(await curl(frontend, caFile, '/')).toContain('<title>jwt-dev');
    const version = ['-o', '/dev/null', '-w', '%{http_version} %{http_code}'];
    expect(await curl(frontend, caFile, '/', '--http1.1', ...version)).toBe('1.1 200');
    expect(await curl(frontend, caFile, '/', '--http2', ...version)).toBe('2 200');
    expect(JSON.parse(await curl(api, caFile, '/auth/user/'))).toEqual({
      detail: 'Authentication credentials were not provided.',
    });
    expect(await running.stop('SIGINT')).toBe(0);
    await expect(connected(httpsPort)).resolves.toBe(false);
  });

  test('SIGTERM ends it as cleanly', async () => {
    const running = await up(await tempDir());
    expect(await running.stop('SIGTERM')).toBe(0);
  });

  test('a second start keeps the CA, the users and the sessions', async () => {
    const dir = await tempDir();
    const jar = path.join(dir, 'cookies.txt');
    const first = await up(dir);
    const login = [
      '-c',
      jar,
      '-H',
      'Content-Type: application/json',
      '-d',
      '{"username":"alice","password":"alice"}',
    ];
    await curl(first.ready.api, first.ready.caFile, '/auth/login/', ...login);
    const ca = await readFile(first.ready.caFile, 'utf8');
    await first.stop();
    const second = await up(dir, ['--https-port', String(first.ready.httpsPort), '--http-port', 'none']);
    expect(await readFile(second.ready.caFile, 'utf8')).toBe(ca);
    expect(
      JSON.parse(await curl(second.ready.api, second.ready.caFile, '/auth/user/', '-b', jar)),
    ).toMatchObject({ username: 'alice' });
  });

  test('a user who was added before the first start stays, beside the users that are always there', async () => {
    const dir = await tempDir();
    expect((await cli(['users', 'add', 'carol', '--password', 'plum-tart-7461'], dir)).exitCode).toBe(0);
    const { ready } = await up(dir);
    for (const [username, password] of [
      ['carol', 'plum-tart-7461'],
      ['alice', 'alice'],
    ]) {
      const body = ['-H', 'Content-Type: application/json', '-d', JSON.stringify({ username, password })];
      const answer = await curl(ready.api, ready.caFile, '/auth/login/', ...body);
      expect(JSON.parse(answer)).toMatchObject({ user: { username } });
    }
  });

  test('missing hosts entries are named with the command that adds them', async () => {
    const dir = await tempDir();
    const file = path.join(dir, 'hosts');
    await writeFile(file, '127.0.0.1 localhost\n');
    await writeFile(path.join(dir, 'jwt-dev.config.json'), JSON.stringify({ hosts: { file } }));
    const running = await up(dir);
    await running.stop();
    expect(running.stderr()).toContain('hosts --apply');
    expect(await readFile(file, 'utf8')).toBe('127.0.0.1 localhost\n');
  });
});

describe('configuration', () => {
  test('init writes a file that up runs: an own frontend, an own backend, other names', async () => {
    const dir = await tempDir();
    const [frontend, backend] = await Promise.all([echo('frontend'), echo('backend')]);
    const init = await cli(
      [
        'init',
        '--frontend',
        String(frontend),
        '--api',
        `http://127.0.0.1:${backend}`,
        '--frontend-host',
        'shop.test',
        '--json',
      ],
      dir,
    );
    expect(init.exitCode).toBe(0);
    const { ready } = await up(dir);
    expect(new URL(ready.frontend).hostname).toBe('shop.test');
    expect(await curl(ready.frontend, ready.caFile, '/a?b=c')).toBe('frontend GET /a?b=c shop.test https');
    expect(await curl(ready.api, ready.caFile, '/x')).toBe('backend GET /x api.shop.test https');
  });

  test('init leaves an existing file alone, and says so', async () => {
    const dir = await tempDir();
    const file = path.join(dir, 'jwt-dev.config.json');
    await writeFile(file, '{ "frontend": 5173 }');
    const refused = await cli(['init'], dir);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('--force');
    expect(await readFile(file, 'utf8')).toBe('{ "frontend": 5173 }');
    expect((await cli(['init', '--force'], dir)).exitCode).toBe(0);
    expect((await cli(['init'], dir)).stdout).toContain('already');
  });

  test('a directory is served as a single-page application', async () => {
    const dir = await tempDir();
    await writeFile(path.join(dir, 'index.html'), '<p>the app</p>');
    await writeFile(path.join(dir, 'jwt-dev.config.json'), JSON.stringify({ frontend: { directory: '.' } }));
    const { ready } = await up(dir);
    expect(await curl(ready.frontend, ready.caFile, '/some/route')).toBe('<p>the app</p>');
    expect(
      await curl(ready.frontend, ready.caFile, '/missing.js', '-o', '/dev/null', '-w', '%{http_code}'),
    ).toBe('404');
  });
});

describe('init', () => {
  test('asks the environment before it writes, and names the directory that it wrote to', async () => {
    const dir = await tempDir();
    const refused = await cli(['init', 'sub', '--json'], dir, { JWT_DEV_HTTPS_PORT: 'abc' });
    expect(refused.exitCode).toBe(2);
    await expect(readFile(path.join(dir, 'sub', 'jwt-dev.config.json'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect((await cli(['init', 'sub'], dir)).stdout).toContain('cd sub');
  });

  test('a link that leads nowhere is not replaced', async () => {
    const dir = await tempDir();
    await symlink('/nowhere/at/all', path.join(dir, 'jwt-dev.config.json'));
    expect((await cli(['init'], dir)).exitCode).not.toBe(0);
    expect(await readlink(path.join(dir, 'jwt-dev.config.json'))).toBe('/nowhere/at/all');
  });
});

describe('static directories', () => {
  test('a missing one is told at the start; .well-known is served, other dot files are not', async () => {
    const dir = await tempDir();
    const root = path.join(dir, 'dist');
    await writeFile(
      path.join(dir, 'jwt-dev.config.json'),
      JSON.stringify({ frontend: { directory: 'dist' } }),
    );
    const running = await up(dir);
    const status = ['-o', '/dev/null', '-w', '%{http_code}'];
    const get = (at: string, ...args: readonly string[]) =>
      curl(running.ready.frontend, running.ready.caFile, at, ...args);
    expect(await get('/', ...status)).toBe('404');
    await mkdir(path.join(root, '.well-known'), { recursive: true });
    await writeFile(path.join(root, 'index.html'), 'the app');
    await writeFile(path.join(root, '.env'), 'SECRET=1');
    await writeFile(path.join(root, '.well-known', 'security.txt'), 'Contact: me');
    expect(await get('/.well-known/security.txt')).toBe('Contact: me');
    expect(await get('/.env', ...status)).toBe('404');
    expect(await get('/route')).toBe('the app');
    expect(await get('/%2e%2e/jwt-dev.config.json', '--path-as-is')).not.toContain('"directory"');
    await running.stop();
    expect(running.stderr()).toContain('is not a directory (yet)');
    expect(running.stderr()).not.toContain('ENOENT');
  });
});

describe('odd surroundings', () => {
  test('a working directory that is gone is one clear error', async () => {
    const dir = await tempDir();
    const command = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" up --json';
    const failed = exec('bash', ['-c', command, process.execPath, inject('installedBin')], {
      cwd: dir,
      env: cleanEnv(dir),
    });
    await expect(failed).rejects.toMatchObject({ code: 2, stdout: expect.stringContaining('ERR_USAGE') });
  });

  test('--help --json is one document', async () => {
    const { stdout } = await cli(['up', '--help', '--json'], await tempDir());
    expect((JSON.parse(stdout) as { help: string }).help).toContain('Usage: jwt-dev up');
  });

  test('a signal during the start is not followed by "ready"', async () => {
    const dir = await tempDir();
    const child = spawn(process.execPath, [inject('installedBin'), 'up', '--json', ...FREE_PORTS], {
      cwd: dir,
      env: cleanEnv(dir),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    // The authority's directory is made early in a first start; the listeners and the store come later.
    await vi.waitFor(() => access(path.join(dir, '.local/share/jwt-dev/authorities')), {
      timeout: 30_000,
      interval: 1,
    });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).toEqual(['stopped']);
  });
});

describe('mistakes', () => {
  test.each([
    ['an unknown key', '{"fronted": 1}', 'ERR_CONFIG_INVALID', 'frontend'],
    ['a wrong type', '{"frontend": true}', 'ERR_CONFIG_INVALID', 'frontend'],
    ['port 99999', '{"listen": {"httpsPort": 99999}}', 'ERR_CONFIG_INVALID', '65535'],
    ['broken JSON', '{"frontend": 5173,}', 'ERR_CONFIG_UNREADABLE', 'JSON'],
    [
      'two sites',
      '{"frontend": {"host": "a.test"}, "api": {"host": "b.test"}}',
      'ERR_CONFIG_INVALID',
      'same site',
    ],
  ])('%s ends with exit code 2 and one message', async (_name, text, code, words) => {
    const dir = await tempDir();
    await writeFile(path.join(dir, 'jwt-dev.config.json'), text);
    const result = await cli(['up', '--json', ...(text.includes('listen') ? [] : FREE_PORTS)], dir);
    expect(result.exitCode).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code } });
    expect(result.stderr).toContain(words);
    expect(result.stderr.match(/ERR_/g)).toHaveLength(1);
  });

  test('an unreadable file', async () => {
    const dir = await tempDir();
    const file = path.join(dir, 'jwt-dev.config.json');
    await writeFile(file, '{}');
    await chmod(file, 0);
    // Root reads everything; a directory of that name is unreadable for root too.
    const named = process.getuid?.() === 0 ? dir : file;
    const result = await cli(['up', '--config', named], dir);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('ERR_CONFIG_UNREADABLE');
  });

  test('all mistakes are told at once', async () => {
    const dir = await tempDir();
    await writeFile(
      path.join(dir, 'jwt-dev.config.json'),
      '{"fronted": 1, "listen": {"httpsPort": "x"}, "auth": {"basePath": "auth"}}',
    );
    const { stdout } = await cli(['up', '--json', '--http-port', '99999'], dir);
    expect((JSON.parse(stdout) as { error: { details: string[] } }).error.details).toHaveLength(4);
  });

  test('a port that is taken ends with exit code 5 and names the holder', async () => {
    const dir = await tempDir();
    const port = await echo('holder');
    const result = await cli(['up', '--https-port', String(port), '--http-port', '0'], dir);
    expect(result.exitCode).toBe(5);
    expect(result.stderr).toContain(String(process.pid));
  });

  test('an unknown option and an unknown command are usage errors with a suggestion', async () => {
    const dir = await tempDir();
    const option = await cli(['up', '--htps-port', '1'], dir);
    expect([option.exitCode, option.stderr]).toEqual([2, expect.stringContaining('--https-port')]);
    const command = await cli(['upp'], dir);
    expect([command.exitCode, command.stderr]).toEqual([2, expect.stringContaining('Did you mean up')]);
  });
});

describe('streams', () => {
  test('--version and --help are answers on stdout', async () => {
    const dir = await tempDir();
    expect((await cli(['--version'], dir)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await cli(['up', '--help'], dir);
    expect(help.exitCode).toBe(0);
    expect(help.stdout.startsWith('Examples:')).toBe(true);
    expect(help.stderr).toBe('');
  });

  test('a reader that leaves early is no failure', async () => {
    const dir = await tempDir();
    const command = `"$0" "$1" --help | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await exec('bash', ['-c', command, process.execPath, inject('installedBin')], {
      env: cleanEnv(dir),
    });
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });

  test('the human text has no colours in a pipe', async () => {
    const dir = await tempDir();
    const { stdout } = await cli(['up', '--dry-run', ...FREE_PORTS], dir);
    expect(stdout).toContain('example.com');
    expect(stdout).not.toContain('\u001b');
  });
});

/** A server that says who it is and what it was asked; answers its port. */
async function echo(name: string): Promise<number> {
  const server = createServer((request, response) => {
    response.end(
      `${name} ${request.method} ${request.url} ${String(request.headers.host).replace(/:\d+$/, '')} ${String(request.headers['x-forwarded-proto'])}`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function connected(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
}
