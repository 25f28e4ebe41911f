import path from 'node:path';
import * as defaults from './defaults.ts';
import type { Problem } from './problems.ts';
import type { UserConfig } from './schema.ts';
import { canonicalHostname, siteOf } from './site.ts';
import type { AuthConfig, CookieConfig, LoginLimitConfig } from './types.ts';

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
    passwordRules: user.passwordRules ?? defaults.DEFAULT_PASSWORD_RULES,
    askOldPassword: user.askOldPassword ?? false,
    mailLinks: {
      confirmEmail: user.mailLinks?.confirmEmail ?? defaults.DEFAULT_CONFIRM_LINK,
      resetPassword: user.mailLinks?.resetPassword ?? defaults.DEFAULT_RESET_LINK,
    },
    loginLimit: user.loginLimit === null ? null : resolveLoginLimit(user.loginLimit ?? {}),
    userFields: Object.entries(user.userFields ?? {}).map(([name, field]) => ({
      name,
      writable: field.writable ?? true,
      claim: field.claim ?? false,
    })),
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
    users: (user.users ?? seedDefaults()).map((seed) => ({
      id: seed.id ?? null,
      username: seed.username,
      email: seed.email ?? '',
      password: seed.password,
      firstName: seed.firstName ?? '',
      lastName: seed.lastName ?? '',
      isActive: seed.active ?? true,
      extra: seed.fields ?? {},
    })),
  };
}

type UserSeeds = NonNullable<UserAuth['users']>;

function seedDefaults(): UserSeeds {
  return defaults.DEFAULT_USERS.map((seed) => ({ ...seed }));
}

function resolveLoginLimit(limit: NonNullable<UserAuth['loginLimit']>): LoginLimitConfig {
  const { perAccount, perAddress, windowSeconds } = defaults.DEFAULT_LOGIN_LIMIT;
  return {
    perAccount: limit.perAccount ?? perAccount,
    perAddress: limit.perAddress ?? perAddress,
    windowSeconds: limit.windowSeconds ?? windowSeconds,
  };
}

/** Names that bodies and tokens have already. */
const RESERVED_FIELDS = new Set(
  [
    ['pk', 'id', 'username', 'email', 'first_name', 'last_name', 'password', 'extra'],
    ['token_type', 'user_id', 'exp', 'iat', 'nbf', 'jti', 'aud', 'iss', 'sub'],
  ].flat(),
);

function resolveStore(store: string | undefined, projectDir: string, stateDir: string): string {
  if (store === undefined) return path.join(stateDir, 'auth.sqlite');
  return store === ':memory:' || /^postgres(ql)?:\/\//.test(store) ? store : path.resolve(projectDir, store);
}

/** A URL of another kind of store would become a file name, password and all. */
function storeProblems(store: string): readonly Problem[] {
  const scheme = /(?:^|\/)([a-z][a-z0-9+.-]*):\//i.exec(store)?.[1];
  if (scheme === undefined || /^postgres(ql)?$/.test(scheme)) return [];
  return [
    {
      path: ['auth', 'store'],
      message: `"${scheme}:" is no store; expected a file, ":memory:" or a postgres:// URL`,
    },
  ];
}

/** What browsers refuse without a word (RFC 6265bis, section 5.7): such a login succeeds and leaves nothing. */
function cookieProblems(cookies: CookieConfig, apiHostname: string | null): readonly Problem[] {
  const problems: Problem[] = [];
  const { domain, secure, path: cookiePath, refreshPath } = cookies;
  if (cookies.sameSite === 'None' && !secure) {
    problems.push({
      path: ['auth', 'cookies', 'secure'],
      message: 'must be true with sameSite "None": browsers refuse such a cookie',
    });
  }
  if (domain !== null && apiHostname !== null && !isCookieDomain(domain, apiHostname)) {
    problems.push({
      path: ['auth', 'cookies', 'domain'],
      message: `must be ${apiHostname} or a domain above it that is no public suffix, such as "${siteOf(apiHostname)}"; browsers refuse others`,
    });
  }
  for (const [key, name, at] of [
    ['access', cookies.accessName, cookiePath],
    ['refresh', cookies.refreshName, refreshPath],
  ] as const) {
    const prefix = /^__(secure|host)-/i.exec(name)?.[1]?.toLowerCase();
    if (prefix === undefined) continue;
    if (!secure || (prefix === 'host' && (domain !== null || at !== '/'))) {
      const needs = prefix === 'host' ? 'secure, no domain and the path "/"' : 'secure';
      problems.push({
        path: ['auth', 'cookies', key],
        message: `"${name}" needs ${needs}; browsers refuse it otherwise`,
      });
    }
  }
  return problems;
}

function isCookieDomain(domain: string, apiHostname: string): boolean {
  const canonical = canonicalHostname(domain.replace(/^\./, ''));
  if ('wrong' in canonical) return false;
  const { hostname } = canonical;
  return siteOf(hostname) !== null && (apiHostname === hostname || apiHostname.endsWith(`.${hostname}`));
}

/**
 * Settings that are right each on its own and wrong together.
 * @param apiHostname null: not known, in a server of somebody's own.
 */
export function authProblems(auth: AuthConfig, apiHostname: string | null): readonly Problem[] {
  const { cookies, tokens, users } = auth;
  const problems: Problem[] = [...storeProblems(auth.store), ...cookieProblems(cookies, apiHostname)];
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
  const fields = new Set(auth.userFields.map(({ name }) => name));
  for (const name of fields) {
    if (RESERVED_FIELDS.has(name)) {
      problems.push({
        path: ['auth', 'userFields', name],
        message: 'is a field or claim that exists already',
      });
    }
  }
  for (const [index, user] of users.entries()) {
    const unknown = Object.keys(user.extra).find((name) => !fields.has(name));
    if (unknown !== undefined) {
      problems.push({
        path: ['auth', 'users', index, 'fields', unknown],
        message: 'is not one of auth.userFields',
      });
    }
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
