import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { request } from 'undici';
import { expect, onTestFinished, test, vi } from 'vitest';
import { cleanEnv } from '../helpers/cli.ts';
import { DEBIAN_PYTHON, djangoEnvironment, findDjango } from '../helpers/django.ts';
import { buildTree, type ImageTree } from '../helpers/dockerfile.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { initProject, install, type TemplateProject } from '../helpers/template-project.ts';

const exec = promisify(execFile);

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
}

/** The services as Compose reads them. */
async function services(
  { dir, home }: TemplateProject,
  env: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, Service>>> {
  const options = { cwd: path.join(dir, 'deploy'), env: cleanEnv(home, env) };
  const { stdout } = await exec('docker-compose', ['-f', 'compose.yaml', 'config'], options);
  const yaml = path.join(home, 'compose-config.yaml');
  await writeFile(yaml, stdout);
  const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))["services"]))';
  return JSON.parse((await exec(DEBIAN_PYTHON, ['-c', script, yaml])).stdout) as Record<string, Service>;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts what the image's CMD says, and waits until its HEALTHCHECK is content. */
async function start(image: ImageTree, environment: Readonly<Record<string, string>>, home: string) {
  const port = await freePort();
  // In a container it listens everywhere, on a port of its own; here on loopback only.
  const localised = (text: string): string =>
    image.here(text).replaceAll('0.0.0.0', '127.0.0.1').replaceAll('8000', String(port));
  const env = cleanEnv(home, {
    ...Object.fromEntries(Object.entries(image.env).map(([name, value]) => [name, localised(value)])),
    ...environment,
  });
  const [command = '', ...args] = image.command.map(localised);
  const cwd = image.here('/app');
  const check = async () => {
    const [program = '', ...rest] = image.healthCheck.map(localised);
    await exec(program, rest, { cwd, env });
  };
  await expect(check()).rejects.toThrow();
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const stop = async () => {
    child.kill('SIGTERM');
    return (await closed)[0];
  };
  onTestFinished(async () => void (await stop()));
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(said);
      await check();
    },
    { timeout: 60_000, interval: 300 },
  );
  return { base: `http://127.0.0.1:${port}`, stop };
}

/** Registers, logs in and asks who it is, by calls as the proxy passes them on. */
async function logIn(base: string): Promise<unknown> {
  const call = async (way: string, fields: object | null, cookie = '') => {
    const answer = await request(base + way, {
      method: fields === null ? 'GET' : 'POST',
      headers: {
        host: 'api.example.com',
        'x-forwarded-proto': 'https',
        origin: 'https://example.com',
        'content-type': 'application/json',
        cookie,
      },
      body: fields === null ? null : JSON.stringify(fields),
    });
    const cookies = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0]);
    return { status: answer.statusCode, cookie: cookies.join('; '), body: await answer.body.json() };
  };
  const password = 'a long pass phrase';
  const fields = { username: 'ann', email: 'ann@example.com', password1: password, password2: password };
  expect(await call('/auth/registration/', fields)).toMatchObject({ status: 201 });
  const { status, cookie } = await call('/auth/login/', { username: 'ann', password });
  expect(status).toBe(200);
  return (await call('/auth/user/', null, cookie)).body;
}

/** npm writes the tarball's place relative to the project; the stages are elsewhere. */
async function installForBuild(project: TemplateProject): Promise<void> {
  await install(project);
  for (const name of ['package.json', 'package-lock.json']) {
    const file = path.join(project.dir, name);
    const text = await readFile(file, 'utf8');
    const absolute = (_: string, way: string) => `"file:${path.resolve(project.dir, way)}"`;
    await writeFile(file, text.replaceAll(/"file:([^"]+)"/g, absolute));
  }
}

/** All that must not get into an image. */
async function leaveSecrets(dir: string): Promise<void> {
  await mkdir(path.join(dir, 'server/data'), { recursive: true });
  for (const name of [
    '.env',
    'deploy/.env',
    'server/.env',
    'server/data/signing-key.pem',
    'backend/db.sqlite3',
  ]) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), 'TOP-SECRET');
  }
}

async function secretsIn(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'));
  const texts = await Promise.all(
    files.map(async ({ parentPath, name }) => [name, await readFile(path.join(parentPath, name), 'latin1')]),
  );
  return texts.filter(([, text]) => text?.includes('TOP-SECRET')).map(([name]) => name ?? '');
}

test('compose with express and react: what the Dockerfiles say builds both, starts, is healthy and stops', async () => {
  const home = await tempDir();
  const project = await initProject(home, ['react', 'express', 'compose']);
  await installForBuild(project);
  await leaveSecrets(project.dir);
  const { api, proxy } = await services(project);
  const build = async (service: Service | undefined, name: string) => {
    const { context = '', dockerfile = '' } = service?.build ?? {};
    const root = path.join(home, name);
    const sh = (line: string, cwd: string) => project.sh(`cd '${cwd}' && ${line}`);
    return buildTree(path.join(context, dockerfile), context, root, sh);
  };

  const frontend = await build(proxy, 'proxy');
  expect(frontend.leftOut).toEqual([]);
  expect(await readFile(frontend.here('/srv/www/index.html'), 'utf8')).toContain('assets/');
  const [script = ''] = (await readdir(frontend.here('/srv/www/assets'))).filter((name) =>
    name.endsWith('.js'),
  );
  expect(await readFile(frontend.here(`/srv/www/assets/${script}`), 'utf8')).toContain(
    'https://api.example.com/',
  );

  const image = await build(api, 'api');
  expect(image.user).toBe('node');
  expect(image.leftOut).toEqual(['install -d -o node -g node -m 700 /data']);
  const { base, stop } = await start(image, api?.environment ?? {}, home);
  expect(await logIn(base)).toMatchObject({ username: 'ann' });
  expect(await stop()).toBe(0);
  expect(await readdir(image.here('/data'))).toContain('auth.sqlite');
  expect(await readdir(image.here('/app'))).toEqual(['node_modules', 'package.json', 'server']);
  for (const name of ['proxy', 'api']) expect(await secretsIn(path.join(home, name))).toEqual([]);
}, 300_000);

const django = findDjango();

test(`compose with django: its context, CMD and HEALTHCHECK run below gunicorn, with ${django.what}`, async () => {
  const home = await tempDir();
  const project = await initProject(home, ['vanilla', 'django', 'compose']);
  await leaveSecrets(project.dir);
  await expect(services(project)).rejects.toThrow(/set DJANGO_SECRET_KEY in \.env/);
  const { api, proxy } = await services(project, {
    DJANGO_SECRET_KEY: 'a secret key for this test, long enough',
  });
  expect(proxy?.build).toBeUndefined();
  expect(proxy?.volumes).toContain(`${project.dir}/public:/srv/www:ro`);
  const { context = '', dockerfile = '' } = api?.build ?? {};
  const nothing = () => Promise.reject(new Error('nothing is run here'));
  const image = await buildTree(path.join(context, dockerfile), context, path.join(home, 'api'), nothing);
  expect(image.user).toBe('app');
  expect(image.leftOut.join('\n')).toContain('pip install --no-cache-dir --requirement');
  const requirements = image.here('/requirements').replace(/image\/requirements$/, 'packages/requirements');
  expect(await readdir(requirements)).toEqual(['cookie_auth_requirements.txt']);
  expect(await secretsIn(path.join(home, 'api'))).toEqual([]);

  const { DATABASE_FILE: _, ...python } = await djangoEnvironment(django, home, image.here('/app'));
  const { base, stop } = await start(image, { ...api?.environment, ...python }, home);
  expect(await logIn(base)).toMatchObject({ username: 'ann' });
  await stop();
  expect(await readdir(image.here('/data'))).toContain('db.sqlite3');
}, 300_000);
