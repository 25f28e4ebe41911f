import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Express } from 'express';
import type { AuthConfig } from '../config/types.ts';
import type { Owner } from '../system/files.ts';
import { createAuthApi } from './app.ts';
import { createOutboxMailer, type Mailer } from './mail/mailer.ts';
import { createPasswords, DEFAULT_COST, type ScryptCost } from './passwords/hash.ts';
import { createLimiter } from './passwords/limiter.ts';
import { rememberRight } from './passwords/remember.ts';
import { type SeededUser, seedUsers } from './seed.ts';
import { loadSigningKey } from './signing-key.ts';
import { openStore } from './store/open-store.ts';
import type { AuthStore } from './store/types.ts';
import { type CookieScope, cookieScopes } from './token-cookies.ts';

export interface OpenAuthOptions {
  readonly config: AuthConfig;
  /** Where keys are kept. Absolute; null: nowhere. */
  readonly stateDir: string | null;
  readonly owner: Owner | null;
  readonly allowedOrigins: readonly string[];
  /** `https://example.com` or with a port; links in mails begin with it. */
  readonly frontendOrigin: string;
  /** Host names (without port) that are answered; null or missing: any. */
  readonly allowedHosts?: readonly string[] | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly onError?: (error: unknown) => void;
  /** Instead of the one that `config.store` names. It stays open. */
  readonly store?: AuthStore;
  /** Default: mails land in the store's outbox. */
  readonly mailer?: Mailer;
  /** Told when there is a new mail in the outbox. */
  readonly onMail?: () => void;
  /** Whose X-Forwarded headers count: Express' `trust proxy` in words. Default: `loopback`. */
  readonly trustedProxies?: string;
  /** Tests may hash cheaply. */
  readonly passwordCost?: ScryptCost;
}

export interface OpenAuth {
  readonly app: Express;
  readonly store: AuthStore;
  /** The users of the configuration, with the passwords that it gives them. */
  readonly users: readonly SeededUser[];
  readonly close: () => Promise<void>;
}

/**
 * Opens the store, loads or makes the signing key, adds the users of the configuration and builds the application.
 * @throws JwtDevError ERR_STORE, ERR_SIGNING_KEY, ERR_CONFIG_INVALID (users that cannot be added)
 */
export async function openAuth(options: OpenAuthOptions): Promise<OpenAuth> {
  const { config, stateDir, owner, env, now } = options;
  const signingKey = await loadSigningKey({ tokens: config.tokens, stateDir, owner, env });
  const { store, close } = await chooseStore(options);
  try {
    // One core stays for the requests that pass through meanwhile: a burst of logins must not stall a page.
    const limit = createLimiter(Math.max(1, availableParallelism() - 1));
    const cost = options.passwordCost ?? DEFAULT_COST;
    const passwords = rememberRight(createPasswords({ cost, randomBytes, limit }), { randomBytes });
    const users = await seedUsers(config.users, { store, passwords, now });
    await store.purgeExpired(now().getTime());
    const app = createAuthApi({
      config,
      allowedOrigins: options.allowedOrigins,
      frontendOrigin: options.frontendOrigin,
      allowedHosts: options.allowedHosts ?? null,
      store,
      signingKey,
      linkSecret: Buffer.from(await store.metaDefault('link-secret', randomBytes(32).toString('hex')), 'hex'),
      passwords,
      mailer: options.mailer ?? createOutboxMailer(store, options.onMail ?? (() => undefined)),
      clock: now,
      randomBytes,
      trustedProxies: options.trustedProxies ?? 'loopback',
      knownCookieScopes: await rememberCookieScopes(store, config),
      onError: options.onError ?? (() => undefined),
    });
    return { app, store, users, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A store of one's own is not closed with the API: whoever opened it may need it still. */
async function chooseStore({
  store: own,
  config,
  owner,
}: OpenAuthOptions): Promise<{ readonly store: AuthStore; readonly close: () => Promise<void> }> {
  if (own !== undefined) return { store: own, close: async () => undefined };
  const store = await openStore(config.store, owner);
  return { store, close: () => store.close() };
}

/**
 * A browser keeps a cookie that was set with another Domain or Path until it is deleted with just those. So every
 * scope that was ever configured is remembered (in strict mode only the present one counts).
 */
async function rememberCookieScopes(store: AuthStore, config: AuthConfig): Promise<readonly CookieScope[]> {
  const present = cookieScopes(config.cookies);
  const saved = JSON.parse((await store.meta('cookie-scopes')) ?? '[]') as readonly CookieScope[];
  const isNew = (scope: CookieScope): boolean =>
    !saved.some(
      ({ name, domain, path }) => name === scope.name && domain === scope.domain && path === scope.path,
    );
  const all = [...saved, ...present.filter(isNew)];
  if (all.length > saved.length) await store.setMeta('cookie-scopes', JSON.stringify(all));
  return config.compat === 'strict' ? present : all;
}
