/** The package's `jwt-dev/auth`: the auth API for a server of one's own, and for tests. */
import express, { type Express } from 'express';
import { authProblems, resolveAuth } from '../config/auth.ts';
import { findProblems, formatPath, type Problem } from '../config/problems.ts';
import type { UserConfig } from '../config/schema.ts';
import type { AuthConfig } from '../config/types.ts';
import { JwtDevError } from '../errors.ts';
import { type OpenAuth, openAuth } from './open.ts';
import { JWKS_PATH } from './tokens/jwks.ts';

export type { AuthConfig } from '../config/types.ts';
export { JwtDevError } from '../errors.ts';
export type { AuthDeps } from './api.ts';
export { createAuthApi } from './app.ts';
export type { Mailer } from './mail/mailer.ts';
export type { OpenAuth } from './open.ts';
export type { SeededUser } from './seed.ts';
export type { AuthStore, Mail, MailType, NewMail, User } from './store/types.ts';

/** `auth` as it stands in jwt-dev.config.json. */
export type AuthSettings = NonNullable<UserConfig['auth']>;

export interface OpenAuthApiOptions {
  /** Without a `store`, users live in memory. */
  readonly settings?: AuthSettings;
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
  const config = checked(options.settings ?? {}, stateDir);
  const auth = await openAuth({
    config,
    stateDir,
    owner: null,
    allowedOrigins: config.allowedOrigins ?? [frontendOrigin],
    frontendOrigin,
    env: options.env ?? {},
    now,
    onError: options.onError ?? throwLater,
  });
  return { ...auth, app: mountable(auth.app, config.basePath) };
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

function checked(settings: AuthSettings, stateDir: string | null): AuthConfig {
  report(findProblems({ auth: settings }));
  const config = resolveAuth({ store: ':memory:', ...settings }, stateDir ?? '.', stateDir ?? '.');
  report(authProblems(config, null));
  return config;
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
