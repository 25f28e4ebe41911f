import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openControlServer } from '../../src/control/server.ts';
import { tryRoutes } from '../../src/environment/inspector/try-routes.ts';
import type { TryAnswer } from '../../src/environment/inspector/types.ts';
import { raw } from '../helpers/control-requests.ts';
import { configOf } from '../helpers/doctor-facts.ts';
import { startFindings } from '../helpers/findings-environment.ts';
import { HOSTNAMES } from '../helpers/proxy-fixture.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const SECRET = 'only-for-the-owner';
const bearer = { authorization: `Bearer ${SECRET}` };
const ports = {
  platform: 'linux',
  run: () => Promise.reject(new Error('no command is run here')),
  procRoot: '/proc',
} as const;
const TOKEN = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"user_id":7,"exp":1900000000}').toString('base64url')}.c2lnbmF0dXJl`;

interface Asked {
  readonly line: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** The forms before an API that answers what it is told to, through the real proxy. */
async function forms(answer: RequestListener) {
  const asked: Asked[] = [];
  const environment = await startFindings({
    dir: await tempDir(),
    api: (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
        answer(request, response);
      });
    },
  });
  onTestFinished(() => environment.close());
  const routes = tryRoutes({
    facts: {
      frontend: environment.frontend,
      api: environment.api,
      address: '127.0.0.1',
      httpsPort: environment.port,
      caFile: environment.caFile,
      hostnames: HOSTNAMES,
    },
    auth: configOf().auth,
    now: () => new Date(),
  });
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const server = await openControlServer({ secret: SECRET, routes, ports, onError });
  onTestFinished(() => server.close());
  const send = async (text: string, query = '') => {
    const headers = { ...bearer, 'content-type': 'application/json' };
    const options = { method: 'POST', headers };
    const { status, body } = await raw(`${server.url}/inspector/try${query}`, options, text);
    return { status, body: JSON.parse(body) as TryAnswer & { readonly error?: { code: string } } };
  };
  const post = (request: unknown, query = '') => send(JSON.stringify(request), query);
  const empty = () => raw(`${server.url}/inspector/try`, { method: 'DELETE', headers: bearer });
  return { asked, environment, send, post, empty, errors };
}

/** What a backend has to say to a page of the frontend. */
function allow(request: Parameters<RequestListener>[0]): Record<string, string> {
  const origin = request.headers.origin ?? '';
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': 'content-type, x-csrftoken',
    'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
  };
}

const login = { method: 'POST', path: '/auth/login/', json: { username: 'ann', password: 'correct horse' } };

const wellBehaved: RequestListener = (request, response) => {
  const cookies = [
    `jwt-access-token=${TOKEN}; Path=/; Secure; HttpOnly; SameSite=Lax`,
    'csrftoken=0123456789abcdef; Path=/; Secure; SameSite=Lax; Domain=example.com',
    'lost=1; Path=/; SameSite=None',
  ];
  const isLogin = request.method === 'POST' && request.url === '/auth/login/';
  response.writeHead(request.method === 'OPTIONS' ? 204 : 200, {
    ...allow(request),
    'content-type': 'application/json',
    ...(isLogin ? { 'set-cookie': cookies } : {}),
  });
  const body = JSON.stringify({ access: TOKEN, said: 'your password is correct horse', name: 'ann' });
  response.end(request.method === 'OPTIONS' ? undefined : body);
};

test('a login goes as a page of the frontend would send it, and its cookies stay with the forms', async () => {
  const { asked, environment, post, empty, errors } = await forms(wellBehaved);
  const { status, body } = await post(login);
  expect(status).toBe(200);
  expect(asked.map(({ line }) => line)).toEqual(['OPTIONS /auth/login/', 'POST /auth/login/']);
  expect(asked[1]).toMatchObject({
    body: JSON.stringify(login.json),
    headers: {
      origin: environment.frontend,
      'user-agent': 'jwt-dev-inspector',
      'sec-fetch-site': 'same-site',
      'sec-fetch-mode': 'cors',
    },
  });
  expect(body).toMatchObject({ status: 200, silent: null, corsProblem: null });
  expect(body.cookiesSet.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['jwt-access-token', 'stored'],
    ['csrftoken', 'stored'],
    ['lost', 'refused'],
  ]);
  expect(body.jar.map(({ name }) => name).sort()).toEqual(['csrftoken', 'jwt-access-token']);
  expect(body.jar.find(({ name }) => name === 'jwt-access-token')?.token?.claims).toMatchObject({
    user_id: 7,
  });

  await post({ method: 'GET', path: '/auth/x/../user/?a=1' });
  const user = asked.at(-1);
  expect(user?.line).toBe('GET /auth/user/?a=1');
  expect(user?.headers['cookie']).toContain(`jwt-access-token=${TOKEN}`);
  expect(user?.headers['x-csrftoken']).toBeUndefined();
  await post({ method: 'PATCH', path: '/auth/user/', json: {} });
  expect(asked.at(-1)?.headers['x-csrftoken']).toBe('0123456789abcdef');

  expect((await empty()).status).toBe(200);
  const after = await post({ method: 'GET', path: '/auth/user/' });
  expect(asked.at(-1)?.headers['cookie']).toBeUndefined();
  expect(after.body.jar).toEqual([]);
  expect(errors).toEqual([]);
});

test('secrets stand in the answer only where they were asked for', async () => {
  const { post } = await forms(wellBehaved);
  const hidden = JSON.stringify(await post(login));
  for (const secret of [TOKEN, TOKEN.split('.')[2] ?? '', '0123456789abcdef', 'correct horse'])
    expect(hidden).not.toContain(secret);
  expect(hidden).toContain('ann');
  const shown = JSON.stringify(await post(login, '?reveal=1'));
  for (const secret of [TOKEN, '0123456789abcdef', 'correct horse']) expect(shown).toContain(secret);
});

test('what a browser would not let the page read is said, and what its preflight forbids is not sent', async () => {
  const { asked, environment, post } = await forms((request, response) => {
    const isPreflight = request.method === 'OPTIONS';
    const { 'access-control-allow-methods': _, ...noPatch } = allow(request);
    const wildcard = { ...allow(request), 'access-control-allow-origin': '*' };
    response.writeHead(200, isPreflight ? noPatch : wildcard).end('{}');
  });
  const read = await post({ method: 'GET', path: '/auth/user/' });
  expect(read.body).toMatchObject({
    status: 200,
    corsProblem: `The answer: Access-Control-Allow-Origin is '*', and a request with credentials needs '${environment.frontend}' there.`,
  });
  const before = asked.length;
  const patched = await post({ method: 'PATCH', path: '/auth/user/', json: {} });
  expect(patched.body).toMatchObject({
    status: 0,
    silent: null,
    corsProblem:
      "The preflight: the method 'PATCH' is not allowed: Access-Control-Allow-Methods is missing. The request was not sent.",
  });
  expect(asked.slice(before).map(({ line }) => line)).toEqual(['OPTIONS /auth/user/']);
});

test('an API that does not answer, and an environment that is gone, are told apart from an error of the form', async () => {
  const { environment, send, post, errors } = await forms((request) => void request.socket.destroy());
  const closed = await post({ method: 'GET', path: '/auth/user/' });
  // The proxy answers for it, in a way that the page may read.
  expect(closed.body).toMatchObject({ status: 502, silent: null, corsProblem: null });
  await environment.close();
  const gone = await post({ method: 'GET', path: '/auth/user/' });
  expect(gone.body).toMatchObject({ status: 0, silent: 'ECONNREFUSED' });
  for (const wrong of [
    null,
    { method: 'GET', path: 'https://attacker.test/' },
    { method: 'HEAD', path: '/' },
  ])
    expect(await post(wrong)).toMatchObject({ status: 400, body: { error: { code: 'ERR_USAGE' } } });
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
  expect(await send(`{"method":"POST","path":"/","json":${deep}}`)).toMatchObject({
    status: 400,
    body: { error: { code: 'ERR_USAGE' } },
  });
  expect(errors).toEqual([]);
});

test('forms that could not be opened are opened by the next try', async () => {
  const dir = await tempDir();
  const caFile = path.join(dir, 'root.pem');
  const facts = {
    frontend: 'https://example.com',
    api: 'https://api.example.com',
    address: '127.0.0.1',
    httpsPort: 1,
    caFile,
    hostnames: HOSTNAMES,
  };
  const [post] = tryRoutes({ facts, auth: configOf().auth, now: () => new Date() });
  const request = {
    query: new URLSearchParams(),
    signal: new AbortController().signal,
    json: async () => ({ method: 'GET', path: '/' }),
  };
  await expect(post?.answer(request)).rejects.toThrow('ENOENT');
  await writeFile(caFile, '');
  expect(await post?.answer(request)).toMatchObject({ status: 200, body: { silent: 'ECONNREFUSED' } });
});
