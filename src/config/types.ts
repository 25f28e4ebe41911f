/**
 * The resolved configuration: what every part of the program reads. No field
 * is optional; what the user wrote is `UserConfig` in schema.ts.
 */

export interface Config {
  /** The directory of the configuration file, or the working directory where there is none. Absolute. */
  readonly projectDir: string;
  /** The file that was read, or null: defaults only. */
  readonly file: string | null;
  /** This project's own directory below the user's state directory. */
  readonly stateDir: string;
  /** The registrable domain of every host, without port: `example.com`. */
  readonly site: string;
  readonly frontend: HostConfig;
  readonly api: HostConfig;
  readonly extraHosts: readonly HostConfig[];
  readonly listen: ListenConfig;
  readonly tls: TlsConfig;
  readonly hosts: HostsConfig;
  readonly findings: FindingsConfig;
  readonly inspector: InspectorConfig;
  readonly auth: AuthConfig;
}

export interface HostConfig {
  /** Lower-case ASCII (punycode), no port, no final dot. */
  readonly hostname: string;
  readonly upstream: UpstreamConfig;
  /** Parts of the host that something else answers for; the longest prefix first. */
  readonly paths: readonly PathConfig[];
}

export interface PathConfig {
  /** Begins with a slash, does not end with one. It covers itself and everything below it, and stays in the path. */
  readonly prefix: string;
  readonly upstream: UpstreamConfig;
}

export type UpstreamConfig =
  /** On the API host the auth API, on any other host the demo page. */
  | { readonly kind: 'bundled' }
  /** A local server on that port, on either loopback family. */
  | { readonly kind: 'port'; readonly port: number }
  /** `http:` or `https:`, no path, query or credentials. */
  | {
      readonly kind: 'url';
      readonly url: string;
      /** PEM, absolute: the CA of an https upstream; null: the CAs that Node knows. */
      readonly caFile: string | null;
    }
  /** A server that is started with the environment and ended with it. */
  | {
      readonly kind: 'command';
      /** A line for the shell, as in package.json's scripts, or a program and its arguments. */
      readonly command: string | readonly string[];
      /** Where it listens; null: a free port, which it is told in PORT. */
      readonly port: number | null;
      /** Absolute. */
      readonly cwd: string;
      /** Set beside what it is given anyway. */
      readonly env: Readonly<Record<string, string>>;
    }
  /** Files of an absolute directory; `spa`: unknown paths without an extension answer index.html. */
  | { readonly kind: 'static'; readonly directory: string; readonly spa: boolean };

export interface ListenConfig {
  /** 0: any free port. */
  readonly httpsPort: number;
  /** Redirects to https. 0: any free port, null: none. */
  readonly httpPort: number | null;
  /** IP literals. Loopback only, unless the configuration says otherwise. */
  readonly addresses: readonly string[];
  /** Refuse a fallback to another port. */
  readonly strictPort: boolean;
  /** Where 443 and 80 need a privilege that the user lacks. `ask`: a person is asked, a script gets an error. */
  readonly fallback: 'ask' | 'ports' | 'rootless';
  /** Not on 443 at all: clients come through a forward proxy on loopback, and their URLs still have no port. */
  readonly rootless: boolean;
  /** That forward proxy's port. 0: any free one. */
  readonly proxyPort: number;
}

export interface TlsConfig {
  /** `ca`: a name-constrained local CA and a leaf; `self-signed`: one certificate, nothing to trust or to sign with. */
  readonly mode: 'ca' | 'self-signed';
}

export interface HostsConfig {
  /** The hosts file, absolute. */
  readonly file: string;
  /** IP literals that every host gets a line for. */
  readonly addresses: readonly string[];
  /** Consent given beforehand: `up` writes missing entries without asking. */
  readonly apply: boolean;
  /** Entries are taken out again when the environment ends. */
  readonly lease: boolean;
}

/** What is looked for in live traffic. */
export interface FindingsConfig {
  /** Codes of findings that are not wanted. */
  readonly silence: readonly string[];
  /** Documents of the frontend set the canary cookie. */
  readonly canary: boolean;
}

/** What is recorded of live traffic, in memory only. */
export interface InspectorConfig {
  readonly enabled: boolean;
  /** How many exchanges are kept. */
  readonly capacity: number;
}

export type SameSite = 'Lax' | 'Strict' | 'None';

export interface CookieConfig {
  readonly accessName: string;
  readonly refreshName: string;
  /** null: host-only. */
  readonly domain: string | null;
  readonly path: string;
  readonly refreshPath: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSite;
}

export type ReusePolicy = 'strict' | 'grace' | 'revoke-family';

export interface TokenConfig {
  readonly algorithm: 'HS256' | 'RS256' | 'ES256';
  /** The environment variable that holds the HS256 secret (Django's SECRET_KEY), or null: a key of our own. */
  readonly secretEnv: string | null;
  readonly accessSeconds: number;
  readonly refreshSeconds: number;
  /** simplejwt's ROTATE_REFRESH_TOKENS: a refresh answers a new refresh token too. */
  readonly rotate: boolean;
  /** simplejwt's BLACKLIST_AFTER_ROTATION, and logout denies the refresh token. */
  readonly denyList: boolean;
  readonly reuse: ReusePolicy;
  readonly graceSeconds: number;
}

export interface SeedUser {
  /** null: the next free one. */
  readonly id: number | null;
  readonly username: string;
  readonly email: string;
  /** In plain text, only ever in the configuration. */
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isActive: boolean;
  /** Values of the extra fields (`auth.userFields`). */
  readonly extra: Readonly<Record<string, string | number | boolean | null>>;
}

/** One of Django's password validators, by what it looks at. */
export type PasswordRule = 'similarity' | 'length' | 'common' | 'numeric';

/** A field of users beside Django's own. */
export interface UserFieldConfig {
  readonly name: string;
  /** PUT and PATCH may change it (text only). */
  readonly writable: boolean;
  /** Stands in the tokens as a claim of that name. */
  readonly claim: boolean;
}

/** Where the links in mails lead. `{origin}` is the frontend's; `{key}`, `{uid}` and `{token}` are filled in. */
export interface MailLinkConfig {
  readonly confirmEmail: string;
  readonly resetPassword: string;
}

export interface LoginLimitConfig {
  /** Failed logins in the window before the next one is answered 429. */
  readonly perAccount: number;
  readonly perAddress: number;
  readonly windowSeconds: number;
}

export interface AuthConfig {
  /** Begins and ends with a slash. */
  readonly basePath: string;
  readonly compat: 'helpful' | 'strict';
  /** Origins that may use the API with credentials; null: the frontend's origin, with its port. */
  readonly allowedOrigins: readonly string[] | null;
  /** A file path, `:memory:` or a postgres:// URL. */
  readonly store: string;
  readonly loginBy: readonly ('username' | 'email')[];
  readonly emailVerification: 'none' | 'optional' | 'mandatory';
  /** Double submit, as dj-rest-auth's JWT_AUTH_COOKIE_USE_CSRF. */
  readonly csrf: boolean;
  readonly passwordRules: readonly PasswordRule[];
  /** dj-rest-auth's OLD_PASSWORD_FIELD_ENABLED: a password change asks for the old one. */
  readonly askOldPassword: boolean;
  readonly mailLinks: MailLinkConfig;
  /** null: no limit. Never in strict mode. */
  readonly loginLimit: LoginLimitConfig | null;
  readonly userFields: readonly UserFieldConfig[];
  readonly cookies: CookieConfig;
  readonly tokens: TokenConfig;
  readonly users: readonly SeedUser[];
}

/** All host configurations in their fixed order: frontend, API, then the extra ones. */
export function allHosts(config: Pick<Config, 'frontend' | 'api' | 'extraHosts'>): readonly HostConfig[] {
  return [config.frontend, config.api, ...config.extraHosts];
}

/** Every upstream with where it stands in the configuration: `frontend`, `api`, `extraHosts[0]`, and the path prefix. */
export function allUpstreams(config: Pick<Config, 'frontend' | 'api' | 'extraHosts'>): readonly {
  readonly host: HostConfig;
  readonly prefix: string | null;
  readonly upstream: UpstreamConfig;
  readonly at: readonly PropertyKey[];
}[] {
  return allHosts(config).flatMap((host, index) => {
    const at = index === 0 ? ['frontend'] : index === 1 ? ['api'] : ['extraHosts', index - 2];
    return [
      { host, prefix: null, upstream: host.upstream, at: [...at, 'upstream'] },
      ...host.paths.map(({ prefix, upstream }) => ({ host, prefix, upstream, at: [...at, 'paths', prefix] })),
    ];
  });
}
