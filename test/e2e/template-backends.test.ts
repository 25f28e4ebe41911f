import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { cleanEnv, runCli } from '../helpers/cli.ts';
import { DEBIAN_PYTHON } from '../helpers/django.ts';
import { processesOf } from '../helpers/processes.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { E2E, initProject, install, snapshot } from '../helpers/template-project.ts';

test("express: the same browser tests pass against a server of one's own, and its own route knows the user", async () => {
  const home = await tempDir();
  const project = await initProject(home, ['react', 'express']);
  await install(project);
  await project.sh('npx jwt-dev trust --store chromium');
  expect(await project.sh(E2E)).toContain('6 passed');
  await writeFile(path.join(project.dir, 'own-route.mjs'), OWN_ROUTE);
  const said = await project.sh('npx jwt-dev up --rootless --config jwt-dev.test.json -- node own-route.mjs');
  expect(said).toContain('a development user: 400');
  expect(said).toContain('without a cookie: 401');
  expect(said).toContain('with the refresh token: 401');
  expect(said).toContain('with the access token: 200 {"message":"Hello ann"}');
  expect(await processesOf(home)).toEqual([]);
}, 300_000);

/** A client without a browser: it registers, takes both tokens out of the body and shows them as the cookie. */
const OWN_ROUTE = `
const api = process.env.JWT_DEV_API_URL;
const body = { username: 'ann', email: 'ann@example.com', password1: 'a long pass phrase', password2: 'a long pass phrase' };
const made = await fetch(api + '/auth/registration/', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
});
const { access, refresh } = await made.json();
const hello = async (what, token) => {
  const headers = token === null ? {} : { cookie: 'jwt-access-token=' + token };
  const answer = await fetch(api + '/hello/', { headers });
  console.log(what + ': ' + answer.status + ' ' + (await answer.text()));
};
const stranger = await fetch(api + '/auth/login/', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: '{ "username": "alice", "password": "alice" }',
});
console.log('a development user: ' + stranger.status);
await hello('without a cookie', null);
await hello('with the refresh token', refresh);
await hello('with the access token', access);
`;

test("express: with users of one's own over the rest of the store, as main.mjs says it, the same browser tests pass", async () => {
  const home = await tempDir();
  const project = await initProject(home, ['vanilla', 'express']);
  await install(project);
  await writeFile(path.join(project.dir, 'server/users.ts'), OWN_USERS);
  const main = path.join(project.dir, 'server/main.mjs');
  const before = await readFile(main, 'utf8');
  const after = before
    .replace(/^ *store: process.env.AUTH_STORE.*\n/m, '')
    .replace('  settings: {', '  store: await openStore(),\n  settings: {')
    .replace("from 'jwt-dev/auth';", "from 'jwt-dev/auth';\nimport { openStore } from './users.js';");
  expect(after.split('\n')).toHaveLength(before.split('\n').length + 1);
  await writeFile(main, after);
  // Compiled against the types that the package brings; the machine's compiler stands in for the project's.
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
  await project.sh(
    `'${tsc}' --strict --target es2023 --module nodenext --types '' --skipLibCheck --ignoreConfig server/users.ts`,
  );
  await project.sh('npx jwt-dev trust --store chromium');
  const output = await project.sh(E2E);
  expect(output).toContain('6 passed');
  expect(output).toContain('own users: 1');
  expect(await processesOf(home)).toEqual([]);
}, 300_000);

/** Somebody's own table of users, here a list. */
const OWN_USERS = `
import { type AuthStore, caseKey, openAuthStore, type User, type UserStore } from 'jwt-dev/auth';

let users: readonly User[] = [];
const find = (id: number) => users.find((user) => user.id === id);
const named = (name: string) => users.find((user) => caseKey(user.username) === caseKey(name));

const store: UserStore = {
  userById: async (id) => find(id),
  userByUsername: async (username) => named(username),
  usersByEmail: async (email) => users.filter((user) => caseKey(user.email) === caseKey(email)),
  listUsers: async () => users,
  addUser: async (user) => {
    if (named(user.username) !== undefined) return undefined;
    const added = { ...user, id: users.length + 1 };
    users = [...users, added];
    console.log('own users: ' + users.length);
    return added;
  },
  changeUser: async (id, changes) => {
    users = users.map((user) => (user.id === id ? { ...user, ...changes } : user));
    return find(id);
  },
  verifyEmail: async () => false,
  removeUser: async () => false,
};

export async function openStore(): Promise<AuthStore> {
  return { ...(await openAuthStore(':memory:')), ...store };
}
`;

async function manage(dir: string, home: string, ...args: readonly string[]) {
  try {
    const { stdout, stderr } = await promisify(execFile)(DEBIAN_PYTHON, ['manage.py', ...args], {
      cwd: dir,
      env: cleanEnv(home, { PYTHONDONTWRITEBYTECODE: '1' }),
    });
    return { exitCode: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, output: stdout + stderr };
  }
}

test("django: settings, apps and URLs load with Debian's packages, and dj-rest-auth is named where it is absent", async () => {
  const home = await tempDir();
  const { dir } = await initProject(home, ['django']);
  const { exitCode, output } = await manage(path.join(dir, 'backend'), home, 'check');
  expect(exitCode).toBe(1);
  expect(output).toContain('dj-rest-auth[with-social] is not installed.');
  expect(output).toContain('cookie_auth_requirements.txt');
  expect(output).toContain('System check identified 1 issue');
});

test('django: what an existing project needs is added beside its settings, and nothing of it is changed', async () => {
  const home = await tempDir();
  const dir = path.join(home, 'mine');
  await mkdir(dir);
  await promisify(execFile)(DEBIAN_PYTHON, ['-m', 'django', 'startproject', 'shop', '.'], {
    cwd: dir,
    env: cleanEnv(home, { PYTHONDONTWRITEBYTECODE: '1' }),
  });
  const before = await snapshot(dir);
  const made = await runCli(['init', '--yes', '--template', 'django'], {
    bin: inject('installedBin'),
    cwd: dir,
    env: cleanEnv(home),
  });
  expect(made.exitCode).toBe(0);
  expect(made.stderr).toContain('Found a Django project here, settings in shop.');
  const after = await snapshot(dir);
  expect(after).toMatchObject(before);
  expect(
    Object.keys(after)
      .filter((name) => !(name in before))
      .sort(),
  ).toEqual([
    'jwt-dev.config.json',
    'shop/cookie_auth.py',
    'shop/cookie_auth_mail.py',
    'shop/cookie_auth_requirements.txt',
    'shop/cookie_auth_urls.py',
  ]);
  expect(JSON.parse(after['jwt-dev.config.json'] ?? '')).toMatchObject({
    api: { upstream: { command: 'python3 manage.py runserver' } },
  });

  // The two additions that init asks for, as it words them.
  const [settings, url] = ['cookie_auth.apply(globals())', 'path("auth/"'].map(
    (part) =>
      made.stdout
        .split('\n')
        .find((line) => line.includes(part))
        ?.replace(/^[^:]*: +/, '') ?? '',
  );
  await writeFile(path.join(dir, 'shop/settings.py'), `${before['shop/settings.py']}\n${settings}\n`);
  const urls = `from django.urls import include, path\nurlpatterns = [${url}]\n`;
  await writeFile(path.join(dir, 'shop/urls.py'), urls);
  const { output } = await manage(dir, home, 'check');
  expect(output).toContain('System check identified 1 issue');
  expect(output).toContain('dj-rest-auth[with-social] is not installed.');
  const print =
    'from django.conf import settings as s; print(s.ALLOWED_HOSTS, s.CORS_ALLOWED_ORIGINS, s.MIDDLEWARE[2])';
  const settled = await manage(dir, home, 'shell', '-c', print);
  expect(settled.output).toContain(
    "['api.example.com'] ['https://example.com'] corsheaders.middleware.CorsMiddleware",
  );

  const copy = path.join(home, 'copy');
  await cp(dir, copy, { recursive: true });
  await manage(copy, home, 'check');
  expect(await snapshot(copy)).toEqual(await snapshot(dir));
});
