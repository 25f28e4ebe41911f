import { z } from 'zod';
import { SERVER_NAMES } from '../../scaffold/server-files.ts';
import { TEMPLATE_NAMES } from '../../scaffold/templates.ts';
import { COMPLETED_SHELLS } from '../completion.ts';
import { fileName } from './shared.ts';

const scaffoldAction = z
  .enum(['create', 'extend', 'replace', 'unchanged', 'keep'])
  .describe('`extend`: added to (package.json). `keep`: it differs and was left as it is.');

export const init = z.strictObject({
  file: fileName,
  outcome: z.enum(['would-write', 'unchanged', 'written', 'replaced', 'kept']),
  config: z.looseObject({}).describe('The content of the file; see config.schema.json.'),
  templates: z.array(z.enum(TEMPLATE_NAMES)),
  files: z
    .array(z.strictObject({ path: z.string(), action: scaffoldAction }))
    .describe('In the order in which they are written; relative to the project.'),
  next: z.array(z.string()).describe('The commands that come next.'),
});

export const exported = z.strictObject({
  name: z.enum(SERVER_NAMES),
  dir: fileName,
  files: z.array(z.strictObject({ path: fileName, action: scaffoldAction })),
  check: z.string().describe('The command that checks what was written, on the server.'),
});

export const doctor = z.strictObject({
  ok: z.boolean(),
  counts: z.strictObject({
    ok: z.int().min(0),
    warn: z.int().min(0),
    fail: z.int().min(0),
    skip: z.int().min(0),
  }),
  findings: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      status: z.enum(['ok', 'warn', 'fail', 'skip']),
      severity: z.enum(['error', 'warning', 'info']),
      evidence: z.array(z.string()).describe('What was seen, one fact each.'),
      cause: z.string().nullable(),
      fix: z.string().nullable().describe('The command or the setting that puts it right.'),
      remedy: z.enum(['certificates', 'stale-records', 'modes', 'hosts', 'trust']).nullable(),
      docs: z.string(),
    }),
  ),
  fixed: z.array(z.string()).describe('What `--fix` did.'),
});

export const completion = z.strictObject({ shell: z.enum(COMPLETED_SHELLS), script: z.string() });

export const clean = z.strictObject({
  dryRun: z.boolean(),
  items: z.array(
    z.strictObject({
      kind: z.enum(['instance', 'hosts', 'trust', 'files']),
      label: z.string(),
      location: z.string(),
      status: z.enum(['found', 'removed', 'needs-privilege', 'failed', 'kept']),
      why: z.string().nullable(),
      commands: z.array(z.string()).describe('What is left to do by hand.'),
    }),
  ),
});
