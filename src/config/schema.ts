import { z } from 'zod';
import { SILENCEABLE_CODES } from './finding-codes.ts';
import { nearest } from './nearest.ts';

/**
 * What a user may write in jwt-dev.config.json. The JSON Schema that editors
 * use (templates/config.schema.json) is generated from this very object.
 */

const port = z.int().min(1).max(65_535);

const portOrFree = z.int().min(0).max(65_535);

const upstreamForms =
  'expected "bundled", a port (1 to 65535), a URL ("http://…"), { "directory": "…" } or { "command": "…" }';

const url = z.url({ protocol: /^https?$/, error: upstreamForms });

const urlWithCa = z.strictObject({
  url,
  ca: z.string().min(1).describe('A PEM file with the CA of an https upstream, relative to this file.'),
});

const directory = z.strictObject({
  directory: z.string().min(1).describe('A directory with the built files, relative to this file.'),
  spa: z.boolean().optional().describe('Unknown paths answer index.html (default: true).'),
});

const command = z.strictObject({
  command: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
      error: 'expected a command line, or a program and its arguments as a list',
    })
    .describe(
      'Started with the environment and ended with it: a line for the shell, or a list of arguments.',
    ),
  port: port.optional().describe('Where it listens. Default: a free port, which it is told in PORT.'),
  cwd: z.string().min(1).optional().describe('Where it runs, relative to this file.'),
  env: z.record(z.string(), z.string()).optional().describe('Environment variables for it.'),
});

const upstream = z
  .union(
    [
      z.literal('bundled').describe('The demo page (frontend) or the auth API (api).'),
      port.describe('A server on this machine.'),
      url.describe('http:// or https://, without a path.'),
      directory,
      command,
      urlWithCa,
    ],
    { error: upstreamForms },
  )
  .describe('What answers for this host.');

const paths = z
  .record(
    z.string().regex(/^\/[^?#\s]*[^?#\s/]\/?$/, { error: 'expected a path such as "/media/"' }),
    upstream,
  )
  .describe('Path prefixes of this host that something else answers for. The prefix stays in the path.');

const hostname = z.string().min(1).max(253);

const hostEntry = z.union(
  [
    upstream,
    z.strictObject({
      host: hostname.optional().describe('The host name, without port.'),
      upstream: upstream.optional(),
      paths: paths.optional(),
    }),
  ],
  { error: `${upstreamForms}, or { "host": "…", "upstream": … }` },
);

const address = z.union([z.ipv4(), z.ipv6()], {
  error: 'expected an IP address such as "127.0.0.1" or "::1"',
});

/** An origin is scheme and host (and port): the form that CORS compares byte by byte (RFC 6454, section 6.2). */
const origin = z.string().refine((value) => URL.canParse(value) && new URL(value).origin === value, {
  error: 'expected an origin: scheme and host without a path or final slash, such as "https://example.com"',
});

/** RFC 6265bis, section 4.1.1: a cookie name is a token (RFC 9110, section 5.6.2). */
const cookieName = z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, {
  error: "expected a cookie name: letters, digits and !#$%&'*+-.^_`|~",
});

const cookiePath = z
  .string()
  .regex(/^\/[\x21-\x3a\x3c-\x7e]*$/, { error: 'expected a path that begins with "/"' });

const seconds = z.int().min(1).max(315_360_000);

const user = z.strictObject({
  id: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .describe('The primary key; pinned, so that tests may name it.'),
  username: z
    .string()
    .regex(/^[\w.@+-]+$/u, { error: 'expected letters, digits and @/./+/-/_ only' })
    .max(150),
  email: z.union([z.email(), z.literal('')]).optional(),
  password: z.string().min(1).max(4_096),
  firstName: z.string().max(150).optional(),
  lastName: z.string().max(150).optional(),
  active: z.boolean().optional().describe('false: the user exists, but may not log in.'),
  fields: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('Values of the fields named in auth.userFields.'),
});

const cookies = z.strictObject({
  access: cookieName.optional().describe('Name of the access cookie (default: jwt-access-token).'),
  refresh: cookieName.optional().describe('Name of the refresh cookie (default: jwt-refresh-token).'),
  domain: z.union([hostname, z.null()]).optional().describe('Domain attribute; null: host-only (default).'),
  path: cookiePath.optional(),
  refreshPath: cookiePath.optional().describe('Path of the refresh cookie, where it differs.'),
  secure: z.boolean().optional(),
  httpOnly: z.boolean().optional(),
  sameSite: z.enum(['Lax', 'Strict', 'None']).optional(),
});

const tokens = z.strictObject({
  algorithm: z.enum(['HS256', 'RS256', 'ES256']).optional(),
  secretEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable' })
    .optional()
    .describe("Environment variable with the HS256 secret, such as Django's SECRET_KEY."),
  accessSeconds: seconds.optional(),
  refreshSeconds: seconds.optional(),
  rotate: z.boolean().optional().describe('A refresh also answers a new refresh token (default: true).'),
  denyList: z
    .boolean()
    .optional()
    .describe('Rotated and logged-out refresh tokens are refused (default: true).'),
  reuse: z.enum(['strict', 'grace', 'revoke-family']).optional(),
  graceSeconds: z.int().min(0).max(3_600).optional(),
});

const linkTemplate = (...parts: readonly string[]) =>
  z.string().refine((text) => parts.every((part) => text.includes(`{${part}}`)), {
    error: `expected a URL with ${parts.map((part) => `{${part}}`).join(' and ')} in it`,
  });

const auth = z.strictObject({
  basePath: z
    .string()
    .regex(/^\/(?:[\w.~-]+\/)*$/, { error: 'expected a path that begins and ends with "/"' })
    .optional(),
  compat: z.enum(['helpful', 'strict']).optional(),
  allowedOrigins: z.array(origin).optional(),
  store: z.string().min(1).optional().describe('A file, ":memory:" or a postgres:// URL.'),
  loginBy: z
    .array(z.enum(['username', 'email']))
    .min(1)
    .optional(),
  emailVerification: z.enum(['none', 'optional', 'mandatory']).optional(),
  csrf: z
    .boolean()
    .optional()
    .describe("Unsafe requests with the access cookie need the CSRF token too (dj-rest-auth's option)."),
  passwordRules: z
    .array(z.enum(['similarity', 'length', 'common', 'numeric']))
    .optional()
    .describe("Which of Django's password validators apply; [] takes any password."),
  askOldPassword: z.boolean().optional().describe('password/change/ asks for the old password.'),
  mailLinks: z
    .strictObject({
      confirmEmail: linkTemplate('key').optional(),
      resetPassword: linkTemplate('uid', 'token').optional(),
    })
    .optional()
    .describe("Where the links in mails lead; {origin} is the frontend's."),
  loginLimit: z
    .union(
      [
        z.strictObject({
          perAccount: z.int().min(1).optional(),
          perAddress: z.int().min(1).optional(),
          windowSeconds: seconds.optional(),
        }),
        z.null(),
      ],
      { error: 'expected limits or null' },
    )
    .optional()
    .describe('Failed logins before 429; null: no limit. Never in strict mode.'),
  userFields: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, { error: 'expected a name in lower_case' }),
      z.strictObject({
        writable: z.boolean().optional().describe('PUT and PATCH may change it (default: true).'),
        claim: z.boolean().optional().describe('It stands in the tokens too (default: false).'),
      }),
    )
    .optional()
    .describe("Fields of users beside Django's own."),
  cookies: cookies.optional(),
  tokens: tokens.optional(),
  users: z.array(user).optional(),
});

const findings = z.strictObject({
  silence: z
    .array(z.enum(SILENCEABLE_CODES, { error: ({ input }) => unknownCode(input) }))
    .optional()
    .describe('Codes of findings that are not wanted, such as "JD214".'),
  canary: z
    .boolean()
    .optional()
    .describe(
      'Documents of the frontend set a cookie that no upstream sees; it shows which requests go without credentials. Default: true, false on a public domain.',
    ),
});

const inspector = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe('Exchanges are recorded, in memory, for the inspector page. Default: true.'),
  capacity: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('How many exchanges are kept; the oldest go. Default: 10000.'),
});

function unknownCode(written: unknown): string {
  const meant = typeof written === 'string' ? nearest(written.toUpperCase(), SILENCEABLE_CODES) : undefined;
  const what = 'expected the code of a finding, such as "JD214"';
  return meant === undefined ? what : `${what}; did you mean "${meant}"?`;
}

export const userConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  frontend: hostEntry.optional().describe('The frontend: a host and what answers for it.'),
  api: hostEntry.optional().describe('The API: a host and what answers for it.'),
  extraHosts: z.array(z.strictObject({ host: hostname, upstream, paths: paths.optional() })).optional(),
  listen: z
    .strictObject({
      httpsPort: portOrFree.optional().describe('Default: 443. 0: any free port.'),
      httpPort: z.union([portOrFree, z.null()], { error: 'expected a port (0 to 65535) or null' }).optional(),
      addresses: z.array(address).min(1).optional(),
      strictPort: z.boolean().optional().describe('Never fall back to another port.'),
      fallback: z
        .enum(['ask', 'ports', 'rootless'])
        .optional()
        .describe(
          'Where 443 needs a privilege: ask (default; a script gets an error), other ports, rootless.',
        ),
      rootless: z
        .boolean()
        .optional()
        .describe('No privileged port: clients use a forward proxy on loopback, URLs still have no port.'),
      proxyPort: portOrFree.optional().describe('Port of that forward proxy. Default: 0, any free one.'),
    })
    .optional(),
  tls: z.strictObject({ mode: z.enum(['ca', 'self-signed']).optional() }).optional(),
  hosts: z
    .strictObject({
      file: z.string().min(1).optional(),
      addresses: z.array(address).min(1).optional(),
      apply: z.boolean().optional().describe('`up` writes missing entries without asking.'),
      lease: z.boolean().optional().describe('Entries are taken out again when the environment ends.'),
    })
    .optional(),
  findings: findings.optional(),
  inspector: inspector.optional(),
  auth: auth.optional(),
});

export type UserConfig = z.infer<typeof userConfigSchema>;
