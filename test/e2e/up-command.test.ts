import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { cleanEnv, type RunningUp, startUp } from '../helpers/cli.ts';
import { childrenOf, isAlive, processesWith } from '../helpers/processes.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const exec = promisify(execFile);
const FREE_PORTS = ['--https-port', '0', '--http-port', 'none'];
const SERVER = `
import http from 'node:http';
import { spawn } from 'node:child_process';
const { PORT, HOST, JWT_DEV_API_URL, JWT_DEV_ORIGIN, NODE_EXTRA_CA_CERTS } = process.env;
// As bundlers do: a worker of its own, here one that even left the process group.
spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { detached: true, stdio: 'ignore' });
http.createServer((request, response) => {
  if (request.url === '/crash') process.exit(7);
  response.end(JSON.stringify({ pid: process.pid, host: request.headers.host, JWT_DEV_API_URL, JWT_DEV_ORIGIN, NODE_EXTRA_CA_CERTS }));
}).listen(PORT, HOST, () => console.log('listening on', PORT));
`;

interface Answer {
  readonly pid: number;
  readonly host: string;
  readonly JWT_DEV_API_URL: string;
  readonly JWT_DEV_ORIGIN: string;
  readonly NODE_EXTRA_CA_CERTS: string;
}

interface Environment extends RunningUp {
  /** In the environment of jwt-dev and of everything that it started for the user. */
  readonly marker: string;
  readonly guard: () => number;
  readonly get: (pathname: string) => Promise<string>;
}

async function up(files: Readonly<Record<string, string>>, config: object): Promise<Environment> {
  const cwd = await tempDir();
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(cwd, name), content);
  await writeFile(path.join(cwd, 'jwt-dev.config.json'), JSON.stringify(config));
  const id = randomUUID();
  const running = await startUp(FREE_PORTS, {
    bin: inject('installedBin'),
    cwd,
    env: cleanEnv(cwd, { TEST_MARK: id }),
  });
  const marker = `TEST_MARK=${id}`;
  onTestFinished(async () => {
    await running.stop();
    await vi.waitFor(() => expect(processesWith(marker)).toEqual([]), 10_000);
  });
  const { hostname, port } = new URL(running.ready.frontend);
  return {
    ...running,
    marker,
    guard: () => childrenOf(running.ready.pid, 'jwt-dev-guard')[0] ?? 0,
    get: async (pathname) => {
      const { stdout } = await exec('curl', [
        '-sS',
        '--cacert',
        running.ready.caFile,
        '--resolve',
        `${hostname}:${port}:127.0.0.1`,
        `${running.ready.frontend}${pathname}`,
      ]);
      return stdout;
    },
  };
}

const server = (): Promise<Environment> =>
  up({ 'server.mjs': SERVER }, { frontend: { command: 'node server.mjs' } });

describe('a command as the frontend', () => {
  test('is ready when jwt-dev is, knows the site, and is seen through TLS', async () => {
    const running = await server();
    const { frontend, api, caFile } = running.ready;
    const answer = JSON.parse(await running.get('/')) as Answer;
    expect(answer).toMatchObject({
      host: new URL(frontend).host,
      JWT_DEV_API_URL: api,
      JWT_DEV_ORIGIN: frontend,
      NODE_EXTRA_CA_CERTS: caFile,
    });
    expect(running.stderr()).toMatch(/^example\.com \| listening on \d+$/m);
  });

  test('that ends is started again; its exit code and what comes next are told', async () => {
    const running = await server();
    const before = JSON.parse(await running.get('/')) as Answer;
    await running.get('/crash');
    await vi.waitFor(async () => {
      const after = JSON.parse(await running.get('/')) as Answer;
      expect(after).toMatchObject({ host: before.host, pid: expect.any(Number) });
      expect(after.pid).not.toBe(before.pid);
    }, 10_000);
    expect(running.stderr()).toContain(
      '"node server.mjs" ended with exit code 7. It is started again in 0.25 s.',
    );
  });

  test('and one as the backend run side by side, each with its own port and lines', async () => {
    const running = await up(
      { 'server.mjs': SERVER },
      { frontend: { command: 'node server.mjs' }, api: { command: ['node', 'server.mjs'] } },
    );
    await vi.waitFor(() => {
      expect(running.stderr()).toMatch(/^example\.com {5}\| listening on \d+$/m);
      expect(running.stderr()).toMatch(/^api\.example\.com \| listening on \d+$/m);
    }, 10_000);
  });
});

test('certificates that the user has named in NODE_EXTRA_CA_CERTS are kept', async () => {
  const cwd = await tempDir();
  const theirs = '-----BEGIN CERTIFICATE-----\nTHEIRS\n-----END CERTIFICATE-----\n';
  await writeFile(path.join(cwd, 'company.pem'), theirs);
  await writeFile(path.join(cwd, 'server.mjs'), SERVER);
  await writeFile(
    path.join(cwd, 'jwt-dev.config.json'),
    JSON.stringify({ frontend: { command: 'node server.mjs' } }),
  );
  const running = await startUp(FREE_PORTS, {
    bin: inject('installedBin'),
    cwd,
    env: cleanEnv(cwd, { NODE_EXTRA_CA_CERTS: path.join(cwd, 'company.pem') }),
  });
  onTestFinished(async () => void (await running.stop()));
  const { hostname, port } = new URL(running.ready.frontend);
  const { stdout } = await exec('curl', [
    '-sS',
    '--cacert',
    running.ready.caFile,
    '--resolve',
    `${hostname}:${port}:127.0.0.1`,
    running.ready.frontend,
  ]);
  const file = await readFile((JSON.parse(stdout) as Answer).NODE_EXTRA_CA_CERTS, 'utf8');
  expect(file).toContain('THEIRS');
  expect(file).toContain(await readFile(running.ready.caFile, 'utf8'));
});

test('a configured port that another program holds is told, with who holds it', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => void holder.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as AddressInfo;
  const listen =
    "import http from 'node:http'; http.createServer().listen(process.env.PORT, process.env.HOST);";
  const running = await up({ 'server.mjs': listen }, { frontend: { command: 'node server.mjs', port } });
  await vi.waitFor(
    () => expect(running.stderr()).toContain(`port ${port} is in use already by process ${process.pid}`),
    10_000,
  );
});

describe('nothing is left', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('after %s', async (signal) => {
    const running = await server();
    const guard = running.guard();
    // Itself, the command and its worker; a shell between them, where it does not step aside.
    expect(processesWith(running.marker).length).toBeGreaterThanOrEqual(3);
    expect(await running.stop(signal)).toBe(0);
    expect(processesWith(running.marker)).toEqual([]);
    expect(isAlive(guard)).toBe(false);
  });

  test('after a SIGKILL of jwt-dev', async () => {
    const running = await server();
    const guard = running.guard();
    expect(isAlive(guard)).toBe(true);
    await running.stop('SIGKILL');
    await vi.waitFor(() => expect(processesWith(running.marker)).toEqual([]), 10_000);
    await vi.waitFor(() => expect(isAlive(guard)).toBe(false), 10_000);
  });

  test('of a run whose guard was killed, and another run begins', async () => {
    const running = await server();
    const guard = running.guard();
    const before = processesWith(running.marker).filter((pid) => pid !== running.ready.pid);
    process.kill(guard, 'SIGKILL');
    await vi.waitFor(async () => {
      const { pid } = JSON.parse(await running.get('/')) as Answer;
      expect(pid).toEqual(expect.any(Number));
      expect(before).not.toContain(pid);
    }, 10_000);
    expect(before.filter(isAlive)).toEqual([]);
    expect(running.guard()).not.toBe(guard);
  });

  test('after a second Ctrl-C, at once, also where the command ignores the first', async () => {
    const deaf = `process.on('SIGTERM', () => console.log('not yet'));\n${SERVER}`;
    const running = await up({ 'server.mjs': deaf }, { frontend: { command: 'node server.mjs' } });
    running.child.kill('SIGINT');
    await vi.waitFor(() => expect(running.stderr()).toContain('not yet'), 10_000);
    expect(await running.stop('SIGINT')).toBe(130);
    await vi.waitFor(() => expect(processesWith(running.marker)).toEqual([]), 2_000);
  });
});
