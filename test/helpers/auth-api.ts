import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { onTestFinished } from 'vitest';
import { type OpenAuth, type OpenAuthOptions, openAuth } from '../../src/auth/open.ts';
import type { AuthConfig, CookieConfig, TokenConfig } from '../../src/config/types.ts';

/** scrypt at a hundredth of its real cost: these tests are not about hashing. */
export const CHEAP = { n: 1024, r: 1, p: 1 } as const;

export const FRONTEND = 'https://example.com';

/** Passes all password validators. */
export const PASSWORD = 'Corr3ct-horse!battery';

type AuthConfigChanges = Partial<Omit<AuthConfig, 'cookies' | 'tokens'>> & {
  readonly cookies?: Partial<CookieConfig>;
  readonly tokens?: Partial<TokenConfig>;
};

/** The default configuration, on a store in memory and without users. */
export function authConfig({ cookies, tokens, ...changes }: AuthConfigChanges = {}): AuthConfig {
  return {
    basePath: '/auth/',
    compat: 'helpful',
    allowedOrigins: null,
    store: ':memory:',
    loginBy: ['username', 'email'],
    emailVerification: 'optional',
    csrf: false,
    passwordRules: ['similarity', 'length', 'common', 'numeric'],
    askOldPassword: false,
    mailLinks: {
      confirmEmail: '{origin}/account-confirm-email/{key}/',
      resetPassword: '{origin}/password-reset/confirm/{uid}/{token}/',
    },
    loginLimit: null,
    userFields: [],
    users: [],
    ...changes,
    cookies: {
      accessName: 'jwt-access-token',
      refreshName: 'jwt-refresh-token',
      domain: null,
      path: '/',
      refreshPath: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      ...cookies,
    },
    tokens: {
      algorithm: 'HS256',
      secretEnv: 'TEST_SECRET',
      accessSeconds: 300,
      refreshSeconds: 86_400,
      rotate: true,
      denyList: true,
      reuse: 'grace',
      graceSeconds: 10,
      ...tokens,
    },
  };
}

export const SECRET = 'a-secret-for-tests-0123456789abcdef0123456789';

export interface TestApi extends OpenAuth {
  readonly base: string;
  /** What nobody expected, in the order it happened. A test that has no reason for one asserts that it is empty. */
  readonly unexpected: readonly unknown[];
  readonly client: () => Client;
}

/** A listening API that ends with the test. */
export async function startAuth(
  changes: AuthConfigChanges = {},
  options: Partial<OpenAuthOptions> = {},
): Promise<TestApi> {
  const unexpected: unknown[] = [];
  const auth = await openAuth({
    config: authConfig(changes),
    stateDir: os.tmpdir(),
    owner: null,
    allowedOrigins: [FRONTEND],
    frontendOrigin: FRONTEND,
    env: { TEST_SECRET: SECRET },
    now: () => new Date(),
    onError: (error) => void unexpected.push(error),
    passwordCost: CHEAP,
    ...options,
  });
  const server = createServer(auth.app);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await auth.close();
  });
  return { ...auth, base, unexpected, client: () => createClient(base) };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** Set-Cookie values by cookie name; several of a name joined in their order. */
  readonly setCookies: ReadonlyMap<string, readonly string[]>;
}

export interface RequestOptions {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the jar's cookies. */
  readonly cookie?: string;
}

/** A browser's worth of client: one jar of cookies by name, all of them sent with every request. */
export interface Client {
  readonly jar: Map<string, string>;
  readonly request: (method: string, path: string, options?: RequestOptions) => Promise<Answer>;
  readonly post: (path: string, json?: unknown, options?: RequestOptions) => Promise<Answer>;
  readonly get: (path: string, options?: RequestOptions) => Promise<Answer>;
}

export function createClient(base: string): Client {
  const jar = new Map<string, string>();
  const request: Client['request'] = async (method, path, options = {}) => {
    const cookie = options.cookie ?? [...jar].map((pair) => pair.join('=')).join('; ');
    const body =
      options.raw ??
      (options.form === undefined ? undefined : new URLSearchParams(options.form)) ??
      (options.json === undefined ? undefined : JSON.stringify(options.json));
    const response = await fetch(base + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie === '' ? {} : { cookie }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const setCookies = readSetCookies(response.headers);
    for (const [name, values] of setCookies) {
      const value = /^[^=]*=([^;]*)/.exec(values.at(-1) ?? '')?.[1] ?? '';
      if (value === '""') jar.delete(name);
      else jar.set(name, value);
    }
    const isJson =
      response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
      setCookies,
    };
  };
  return {
    jar,
    request,
    post: (path, json = {}, options = {}) => request('POST', path, { json, ...options }),
    get: (path, options = {}) => request('GET', path, options),
  };
}

function readSetCookies(headers: Headers): ReadonlyMap<string, readonly string[]> {
  const cookies = new Map<string, string[]>();
  for (const line of headers.getSetCookie()) {
    const name = line.slice(0, line.indexOf('='));
    cookies.set(name, [...(cookies.get(name) ?? []), line]);
  }
  return cookies;
}

/** Registers a user and logs in with the client; the jar then holds both cookies. */
export async function registerAndLogin(client: Client, username: string): Promise<void> {
  const registered = await client.post('/auth/registration/', {
    username,
    email: `${username}@example.org`,
    password1: PASSWORD,
    password2: PASSWORD,
  });
  if (registered.status !== 201) throw new Error(`registration: ${JSON.stringify(registered.body)}`);
  await login(client, username);
}

export async function login(client: Client, username: string, password = PASSWORD): Promise<Answer> {
  const answer = await client.post('/auth/login/', { username, password });
  if (answer.status !== 200) throw new Error(`login: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
