import { z } from 'zod';

const step = z.strictObject({
  id: z.string(),
  title: z.string(),
  status: z.enum(['pass', 'fail', 'info', 'skip']),
  detail: z.string().describe('What was seen: a status, or the client’s own words.'),
  ms: z.int().min(0),
  fix: z.string().optional(),
  code: z.string().optional().describe('The finding that a failure is, where the check page knows it.'),
});

const client = z.strictObject({
  id: z.enum(['chromium', 'firefox', 'node', 'python', 'curl', 'java']),
  label: z.string(),
  version: z.string().nullable().describe('null: it did not get so far as to say.'),
  status: z.enum(['pass', 'fail', 'absent']),
  reason: z
    .string()
    .nullable()
    .describe('Why it failed or is absent; begins with the code of the finding. null: it passed.'),
  durationMs: z.int().min(0),
  steps: z.array(step),
});

const verifyFinding = z.strictObject({
  code: z
    .string()
    .nullable()
    .describe('"JD102", the id of a check of doctor ("P5"), or null: an error that is none of the findings.'),
  name: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  title: z.string(),
  evidence: z.array(z.string()).describe('What was seen, one fact each.'),
  cause: z.string(),
  reason: z.string().nullable().describe("The browser's own name for it."),
  fixes: z.array(z.strictObject({ place: z.string(), text: z.string() })),
  source: z.string().describe('Where the rule stands.'),
  seenBy: z.array(z.string()).describe('"doctor N1", "traffic", "session", or the id of a client.'),
});

export const verify = z.strictObject({
  ok: z.boolean().describe('false: exit code 3.'),
  clients: z.array(client),
  findings: z.array(verifyFinding).describe('Each once, the most telling first.'),
});
