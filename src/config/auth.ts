import path from 'node:path';
import * as defaults from './defaults.ts';
import type { Problem } from './problems.ts';
import type { UserConfig } from './schema.ts';
import type { AuthConfig } from './types.ts';

type UserAuth = NonNullable<UserConfig['auth']>;

/** The auth API's settings with every default filled in. */
export function resolveAuth(user: UserAuth, projectDir: string, stateDir: string): AuthConfig {
  const { cookies = {}, tokens = {} } = user;
  const cookiePath = cookies.path ?? '/';
  return {
    basePath: user.basePath ?? defaults.DEFAULT_BASE_PATH,
    compat: user.compat ?? 'helpful',
    allowedOrigins: user.allowedOrigins ?? null,
    store: resolveStore(user.store, projectDir, stateDir),
    loginBy: user.loginBy ?? ['username', 'email'],
    emailVerification: user.emailVerification ?? 'optional',
    csrf: user.csrf ?? false,
    cookies: {
      accessName: cookies.access ?? defaults.DEFAULT_ACCESS_COOKIE,
      refreshName: cookies.refresh ?? defaults.DEFAULT_REFRESH_COOKIE,
      domain: cookies.domain ?? null,
      path: cookiePath,
      refreshPath: cookies.refreshPath ?? cookiePath,
      secure: cookies.secure ?? true,
      httpOnly: cookies.httpOnly ?? true,
      sameSite: cookies.sameSite ?? 'Lax',
    },
    tokens: {
      algorithm: tokens.algorithm ?? 'HS256',
      secretEnv: tokens.secretEnv ?? null,
      accessSeconds: tokens.accessSeconds ?? defaults.DEFAULT_ACCESS_SECONDS,
      refreshSeconds: tokens.refreshSeconds ?? defaults.DEFAULT_REFRESH_SECONDS,
      rotate: tokens.rotate ?? true,
      denyList: tokens.denyList ?? true,
      reuse: tokens.reuse ?? 'grace',
      graceSeconds: tokens.graceSeconds ?? defaults.DEFAULT_GRACE_SECONDS,
    },
    users: (user.users ?? defaults.DEFAULT_USERS).map((seed) => ({
      id: seed.id ?? null,
      username: seed.username,
      email: seed.email ?? '',
      password: seed.password,
      firstName: seed.firstName ?? '',
      lastName: seed.lastName ?? '',
    })),
  };
}

function resolveStore(store: string | undefined, projectDir: string, stateDir: string): string {
  if (store === undefined) return path.join(stateDir, 'auth.sqlite');
  return store === ':memory:' || /^postgres(ql)?:\/\//.test(store) ? store : path.resolve(projectDir, store);
}

/** Settings that are right each on its own and wrong together. */
export function authProblems(auth: AuthConfig): readonly Problem[] {
  const problems: Problem[] = [];
  const { cookies, tokens, users } = auth;
  if (cookies.sameSite === 'None' && !cookies.secure) {
    problems.push({
      path: ['auth', 'cookies', 'secure'],
      message: 'must be true with sameSite "None": browsers refuse such a cookie',
    });
  }
  if (cookies.accessName === cookies.refreshName) {
    problems.push({
      path: ['auth', 'cookies', 'refresh'],
      message: `"${cookies.refreshName}" is the access cookie's name too`,
    });
  }
  if (tokens.secretEnv !== null && tokens.algorithm !== 'HS256') {
    problems.push({
      path: ['auth', 'tokens', 'secretEnv'],
      message: `is for HS256 only; the algorithm is ${tokens.algorithm}`,
    });
  }
  if (tokens.refreshSeconds < tokens.accessSeconds) {
    problems.push({
      path: ['auth', 'tokens', 'refreshSeconds'],
      message: 'must not be shorter than accessSeconds',
    });
  }
  for (const field of ['id', 'username', 'email'] as const) {
    const seen = new Map<string, number>();
    for (const [index, user] of users.entries()) {
      const value = String(user[field] ?? '').toLowerCase();
      const first = seen.get(value);
      if (value !== '' && first !== undefined) {
        problems.push({
          path: ['auth', 'users', index, field],
          message: `"${value}" is already used by user ${first}`,
        });
      } else seen.set(value, index);
    }
  }
  return problems;
}
