import { z } from 'zod';
import { hostsChange, hostsConflict } from './hosts.ts';
import { environment, fileName, instanceName, instant, url } from './shared.ts';
import { verify } from './verify.ts';

const ready = z.strictObject({ event: z.literal('ready'), ...environment.shape });
export const finding = z
  .strictObject({
    code: z.string().describe('"JD102": stays what it is from version to version.'),
    name: z.string().describe('The same in words: "credentials-missing".'),
    severity: z.enum(['error', 'warning', 'info']),
    title: z.string(),
    host: z.string().describe('The host that answered; empty: there is none.'),
    subject: z.string().describe('What it is about, such as the name of a cookie.'),
    evidence: z.string().describe('What was seen, the last time.'),
    cause: z.string(),
    reason: z.string().nullable().describe("The browser's own name for it."),
    fixes: z.array(z.strictObject({ place: z.string(), text: z.string() })),
    source: z.string().describe('Where the rule stands.'),
    exchanges: z.array(z.string()).describe('Ids of the exchanges that showed it last.'),
    count: z.int().positive(),
    firstAt: instant,
    lastAt: instant,
  })
  .describe('What live traffic shows. Code, host and subject tell one from another.');
const found = finding
  .extend({ event: z.literal('finding') })
  .describe('When it is new, and when it has come up 10, 100, 1000, … times.');
const stopped = z.strictObject({ event: z.literal('stopped') });
const verified = verify
  .extend({ event: z.literal('verified') })
  .describe('With --verify: as `jwt-dev verify` answers it.');

const portOrFree = z.int().min(0).max(65_535).describe('0: any free one.');
const plan = z
  .strictObject({
    file: fileName.nullable().describe('The configuration file; null: the defaults.'),
    hosts: z.array(z.strictObject({ hostname: z.string(), upstream: z.string() })),
    listen: z.strictObject({
      httpsPort: portOrFree,
      httpPort: portOrFree.nullable(),
      addresses: z.array(z.string()),
      strictPort: z.boolean(),
      fallback: z.enum(['ask', 'ports', 'rootless']),
      rootless: z.boolean(),
      proxyPort: portOrFree,
    }),
    certificates: z.array(
      z.strictObject({
        what: z.string(),
        action: z.enum(['keep', 'issue']),
        reason: z.string().nullable(),
      }),
    ),
    hostsFile: z
      .strictObject({
        file: fileName,
        changes: z.array(hostsChange),
        conflicts: z.array(
          z.strictObject({ ...hostsConflict.shape, block: z.string().nullable() }).omit({ project: true }),
        ),
      })
      .nullable()
      .describe('null: rootless mode does not touch it.'),
  })
  .describe('What `up --dry-run` prints.');

/** One line of `up`. */
export const up = z.union([ready, found, verified, stopped, plan]);

const health = z.strictObject({
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string().describe('"tls example.com", "upstream api.example.com".'),
      ok: z.boolean(),
      detail: z.string().describe('Why not; empty where it is fine.'),
    }),
  ),
});

const running = z.strictObject({
  running: z.literal(true),
  instance: instanceName,
  startedAt: instant,
  logFile: fileName.nullable().describe('Where its output goes; null: a terminal.'),
  health: health.nullable().describe('null: it does not answer.'),
  findings: z.array(finding).nullable().describe('What live traffic has shown; null: it does not answer.'),
});

export const status = z.union([
  z.strictObject({ running: z.literal(false), instance: instanceName }),
  running.extend(environment.shape),
  running.extend({ pid: environment.shape.pid }).describe('It is still starting.'),
]);

export const wait = z.strictObject({
  healthy: z.literal(true),
  instance: instanceName,
  ...environment.shape,
});

export const down = z.array(
  z.strictObject({
    instance: instanceName,
    outcome: z.enum(['not-running', 'was-stale', 'stopped', 'killed', 'still-running']),
  }),
);

/** One line of `logs`. */
export const logs = z.strictObject({ event: z.literal('log'), line: z.string() });

export const open = z.strictObject({
  url,
  browser: z.enum(['chromium', 'firefox']),
  file: fileName,
  pid: z.int().positive(),
  logFile: fileName,
});

const clientUrl = url.describe('As in the ready line.');
const setting = z.string();
const proxy = setting
  .nullable()
  .optional()
  .describe('Only where a rootless environment runs or ran; null: unset it.');

export const env = z.strictObject({
  JWT_DEV_FRONTEND_URL: clientUrl,
  JWT_DEV_API_URL: clientUrl,
  JWT_DEV_CONTROL_URL: clientUrl,
  JWT_DEV_REROUTE: setting,
  NODE_EXTRA_CA_CERTS: fileName,
  SSL_CERT_FILE: fileName,
  REQUESTS_CA_BUNDLE: fileName,
  CURL_CA_BUNDLE: fileName,
  NODE_OPTIONS: setting,
  JWT_DEV_PROXY: proxy,
  HTTPS_PROXY: proxy,
  https_proxy: proxy,
  HTTP_PROXY: proxy,
  http_proxy: proxy,
  NO_PROXY: setting.optional(),
  no_proxy: setting.optional(),
});
