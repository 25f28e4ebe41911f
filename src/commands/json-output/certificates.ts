import { z } from 'zod';
import { STORE_KINDS } from '../../certs/trust/types.ts';
import { fileName, instant } from './shared.ts';

const authority = z.strictObject({
  file: fileName,
  fingerprint256: z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
  notAfter: instant,
  constraints: z.array(z.string()),
  trusted: z.record(z.string(), z.boolean()).describe('By the id of the store.'),
});

const shown = z.strictObject({
  mode: z.enum(['ca', 'self-signed']),
  authority: authority.nullable().describe('null in self-signed mode.'),
  leaf: z.strictObject({
    certFile: fileName,
    keyFile: fileName,
    names: z.array(z.string()),
    notAfter: instant,
  }),
  chainFile: fileName,
  bundleFile: fileName,
});

const exported = z
  .strictObject({ caFile: fileName, certFile: fileName, chainFile: fileName, keyFile: fileName })
  .describe('What `certs --export` prints.');

const caPath = z.strictObject({ caFile: fileName }).describe('What `certs --path` prints.');

export const certs = z.union([shown, exported, caPath]);

const store = z.strictObject({
  id: z.string(),
  kind: z.enum(STORE_KINDS),
  label: z.string(),
  location: z.string(),
  status: z.enum(['trusted', 'not-trusted', 'removed', 'needs-root', 'failed', 'unusable']),
  changed: z.boolean(),
  why: z.string().nullable(),
  commands: z.array(z.string()).describe('What is left to do by hand.'),
});

const client = z.strictObject({
  id: z.string(),
  label: z.string(),
  connected: z.boolean().nullable().describe('null: it was not tried.'),
  note: z.string().nullable(),
});

export const trust = z.strictObject({
  stores: z.array(store),
  clients: z.array(client).optional().describe('With `--verify`.'),
});

export const untrust = z.strictObject({ stores: z.array(store) });
