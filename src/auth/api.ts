import type { AuthConfig } from '../config/types.ts';
import type { LoginLimiter } from './login-limiter.ts';
import type { LinkSigner } from './mail/link-tokens.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Passwords } from './passwords/hash.ts';
import type { SigningKey } from './signing-key.ts';
import type { AuthStore } from './store/types.ts';
import type { CookieScope } from './token-cookies.ts';
import type { Tokens } from './tokens/tokens.ts';

/** What the application is made of. Nothing in it listens, reads the environment or knows a path. */
export interface AuthDeps {
  readonly config: AuthConfig;
  /** Origins that may use the API from a browser, with credentials. */
  readonly allowedOrigins: readonly string[];
  /** Where the links in mails lead; `https://example.com`, no final slash. */
  readonly frontendOrigin: string;
  /** Host names (without port) that are answered; null: any. */
  readonly allowedHosts: readonly string[] | null;
  readonly store: AuthStore;
  readonly signingKey: SigningKey;
  /** Signs the links in mails. */
  readonly linkSecret: Buffer;
  readonly passwords: Passwords;
  readonly mailer: Mailer;
  readonly clock: () => Date;
  readonly randomBytes: (size: number) => Buffer;
  /** Whose X-Forwarded headers say who and how somebody came: Express' `trust proxy`. */
  readonly trustedProxies: string;
  /** Every scope in which this environment has ever set its cookies: logout deletes them all. */
  readonly knownCookieScopes: readonly CookieScope[];
  /** Gets what nobody expected; the client sees a plain 500. */
  readonly onError: (error: unknown) => void;
}

/** What the views work with: the dependencies, and what was built from them once. */
export interface Api extends AuthDeps {
  /** `auth.compat: "strict"`: Django's traps too. */
  readonly strict: boolean;
  readonly tokens: Tokens;
  readonly links: LinkSigner;
  readonly loginLimiter: LoginLimiter;
  /** Forgets what has expired, now and then; called where the ledger grows. */
  readonly housekeeping: () => Promise<void>;
}
