import { z } from 'zod';

export const port = z.int().min(1).max(65_535);
/** ISO 8601 in UTC, as `Date.prototype.toISOString` writes it. */
export const instant = z.iso.datetime({ precision: 3 });
export const url = z.url();
export const fileName = z.string().min(1).describe('An absolute path.');

/** What a ready environment says of itself; `status`, `wait` and the ready line of `up` have all of it. */
export const environment = z.strictObject({
  version: z.string(),
  pid: z.int().positive(),
  mode: z.enum(['hosts', 'rootless']),
  frontend: url.describe('Origin; the port is in it unless it is 443.'),
  api: url.describe('Origin; the port is in it unless it is 443.'),
  control: url.describe('Base URL of the control server.'),
  inspector: url
    .nullable()
    .describe("The inspector's page, with the secret in its fragment; null: it is switched off."),
  proxy: url.nullable().describe('The forward proxy, in rootless mode.'),
  address: z.string().describe('The address that the https port is listened on.'),
  httpsPort: port,
  httpPort: port.nullable().describe('null: nothing redirects from plain http.'),
  caFile: fileName.describe('PEM: what clients must trust.'),
  bundleFile: fileName.describe('PEM: the same beside the CAs that the system knows.'),
  hostnames: z.array(z.string()),
  users: z
    .array(z.strictObject({ username: z.string(), password: z.string(), email: z.string() }))
    .describe('The users of the configuration; empty with a backend of your own.'),
});

export const instanceName = z.string().describe('Which environment of the project.');
