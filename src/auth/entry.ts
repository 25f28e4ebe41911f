/** The package's `jwt-dev/auth`: the auth API for a server of one's own, and for tests. */
import express, { type Express } from 'express';
import { authProblems, resolveAuth } from '../config/auth.ts';
import { findProblems, formatPath, type Problem } from '../config/problems.ts';
import type { UserConfig } from '../config/schema.ts';
import type { AuthConfig } from '../config/types.ts';
import { JwtDevError } from '../errors.ts';
import type { Mailer } from './mail/mailer.ts';
import { type OpenAuth, openAuth } from './open.ts';
import { openStore } from './store/open-store.ts';
import { missingMethods } from './store/own-store.ts';
import type { AuthStore, OpenedStore } from './store/types.ts';
import { JWKS_PATH } from './tokens/jwks.ts';

export type { AuthConfig } from '../config/types.ts';
export { JwtDevError } from '../errors.ts';
export type { AuthDeps } from './api.ts';
export { createAuthApi } from './app.ts';
export type { Mailer } from './mail/mailer.ts';
export type { OpenAuth } from './open.ts';
export type { SeededUser } from './seed.ts';
export { decideRotation, type RotationDecision, type RotationFacts } from './store/rotation.ts';
export {
  type AuthStore,
  caseKey,
  type ExtraValue,
  type Mail,
  type MailType,
  type MetaStore,
  type NewMail,
  type NewUser,
  type OpenedStore,
  type Outbox,
  type RefreshLedger,
  type RefreshRecord,
  type Rotation,
  type RotationRequest,
  type User,
  type UserChanges,
  type UserStore,
} from './store/types.ts';

/** `auth` as it stands in jwt-dev.config.json. */
export type AuthSettings = NonNullable<UserConfig['auth']>;

export interface OpenAuthApiOptions {
  /**
   * `auth` of the configuration file. Without a `store`, here or below, users live in memory. Without `users` there are
   * none at the start: alice and bob, with passwords that everybody knows, are for development only.
   */
  readonly settings?: AuthSettings;
  /** A store of your own, in the place of `settings.store`. It stays open when the API is closed. */
  readonly store?: AuthStore;
  /** Sends the mails. Default: nothing leaves the machine, they land in the store's outbox. */
  readonly mailer?: Mailer;
  /**
   * Whose X-Forwarded headers are believed: addresses, subnets, or the names that Express has for them (its setting
   * `trust proxy`), separated by commas. Default: `loopback`; in a container network `loopback, uniquelocal`.
   */
  readonly trustedProxies?: string;
  /** Default: https://example.com. It may use the API with credentials, and links in mails lead there. */
  readonly frontendOrigin?: string;
  /** The directory of the signing key and of a relative `store`. Default: none, the key lives in memory. */
  readonly stateDir?: string;
  /** Where `tokens.secretEnv` is looked up. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A clock that tests can move. */
  readonly now?: () => Date;
  /** Gets what nobody expected; the client sees a plain 500. Default: it is thrown where nobody catches it. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Opens an auth API: `app` is an Express application to be mounted, before any body parser, or listened with. It
 * answers below `basePath` (and the key set); every other path is left to the application that it is mounted in.
 * @throws JwtDevError ERR_CONFIG_INVALID with every mistake in `details`, ERR_STORE, ERR_SIGNING_KEY
 */
export async function openAuthApi(options: OpenAuthApiOptions = {}): Promise<OpenAuth> {
  const { frontendOrigin = 'https://example.com', stateDir = null, now = () => new Date() } = options;
  const config = checked(options, stateDir);
  const auth = await openAuth({
    config,
    stateDir,
    owner: null,
    allowedOrigins: config.allowedOrigins ?? [frontendOrigin],
    frontendOrigin,
    env: options.env ?? {},
    now,
    onError: options.onError ?? throwLater,
    ...(options.store === undefined ? {} : { store: options.store }),
    ...(options.mailer === undefined ? {} : { mailer: options.mailer }),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
  });
  return { ...auth, app: mountable(auth.app, config.basePath) };
}

/**
 * Opens one of the stores that come with this package, to be built upon: a file, `:memory:` or a postgres:// URL. Its
 * members need no `this`, so `{ ...await openAuthStore('auth.sqlite'), ...myUsers }` is a store with your own users.
 * @throws JwtDevError ERR_STORE
 */
export function openAuthStore(location: string): Promise<OpenedStore> {
  return openStore(location, null);
}

function mountable(api: Express, basePath: string): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    const isOurs = request.path.startsWith(basePath) || request.path === JWKS_PATH;
    if (isOurs) api(request, response, next);
    else next();
  });
  return app;
}

function checked(
  { settings = {}, store, trustedProxies }: OpenAuthApiOptions,
  stateDir: string | null,
): AuthConfig {
  report([
    ...findProblems({ auth: settings }),
    ...(store === undefined ? [] : storeProblems(store, settings)),
    ...proxyProblems(trustedProxies),
  ]);
  const config = resolveAuth(
    { store: ':memory:', ...settings, users: settings.users ?? [] },
    stateDir ?? '.',
    stateDir ?? '.',
  );
  report(authProblems(config, null));
  return config;
}

function storeProblems(store: AuthStore, settings: AuthSettings): readonly Problem[] {
  const missing = missingMethods(store).map((name) => ({ path: ['store', name], message: 'missing method' }));
  const twice = { path: ['auth', 'store'], message: 'expected none beside a store of your own' };
  return settings.store === undefined ? missing : [...missing, twice];
}

/** Express refuses an address that is none with a TypeError. */
function proxyProblems(trustedProxies: string | undefined): readonly Problem[] {
  try {
    if (trustedProxies !== undefined) express().set('trust proxy', trustedProxies);
    return [];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [{ path: ['trustedProxies'], message: error.message }];
  }
}

function report(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new JwtDevError('ERR_CONFIG_INVALID', 'The settings of the auth API are not right', {
    details: problems.map(({ path, message }) => `${formatPath(path)}: ${message}`),
  });
}

/** Out of the request that failed, so that it is seen like any other error that nobody handled. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
