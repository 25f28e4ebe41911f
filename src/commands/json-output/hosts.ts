import { z } from 'zod';
import { errorAnswer } from './error.ts';
import { fileName } from './shared.ts';

export const hostsChange = z.strictObject({
  address: z.string(),
  hostname: z.string(),
  kind: z.enum(['add', 'keep', 'remove']),
});

export const hostsConflict = z.strictObject({
  line: z.int().positive(),
  hostname: z.string(),
  found: z.string().describe('The address in that line.'),
  project: z.string().optional().describe('The other project of jwt-dev whose line it is.'),
});

const report = z.strictObject({
  file: fileName,
  changed: z.boolean().describe('The file differs (or differed) from what is wanted.'),
  applied: z.boolean().describe('This run wrote the file.'),
  changes: z.array(hostsChange),
  conflicts: z.array(hostsConflict),
  switchesOff: z.array(z.strictObject({ line: z.int().positive(), text: z.string() })).optional(),
  backup: fileName.nullable().describe('Where the bytes from before are; null: nothing was written.'),
});

const answer = report.extend({
  windows: report.optional().describe('Under WSL: the hosts file of Windows.'),
  resolution: z
    .array(
      z.strictObject({
        hostname: z.string(),
        addresses: z.array(z.string()),
        reaches: z.enum(['us', 'partly', 'elsewhere', 'nothing']),
      }),
    )
    .optional(),
  caches: z
    .array(z.strictObject({ name: z.string(), command: z.array(z.string()).min(1), flushed: z.boolean() }))
    .optional(),
});

const restored = z
  .strictObject({
    file: fileName,
    restored: fileName.describe('The backup that was (or would be) put back.'),
    changed: z.boolean(),
    applied: z.boolean(),
    backup: fileName.nullable(),
  })
  .describe('What `hosts --restore` prints.');

const refused = report
  .extend(errorAnswer.shape)
  .describe('Foreign lines stand in the way; nothing was written.');

export const hosts = z.union([answer, restored, refused]);
