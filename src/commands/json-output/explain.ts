import { z } from 'zod';
import { finding } from './environment.ts';
import { fileName, url } from './shared.ts';

const explanation = z.strictObject({
  code: z.string().nullable().describe('"JD102"; null: an error that is none of the findings.'),
  name: z.string().describe('The same in words: "credentials-missing".'),
  severity: z.enum(['error', 'warning', 'info']),
  client: z.string().describe('Whose words they are: "Chromium", "curl".'),
  title: z.string(),
  cause: z.string(),
  reason: z.string().nullable().describe("Chromium's own name for it."),
  fixes: z.array(z.strictObject({ place: z.string(), text: z.string() })),
  source: z.string().describe('Where the words come from.'),
  matched: z.string().describe('The part of the text that was understood.'),
  parameters: z
    .record(z.string(), z.string())
    .describe('What it names: url, origin, header, method, value, host, port, cookie, status …'),
  count: z.int().positive(),
});

const text = z.strictObject({
  kind: z.literal('text'),
  known: z.boolean().describe('false: exit code 3.'),
  explanations: z.array(explanation).describe('Each error once, in the order of the text.'),
});

const har = z.strictObject({
  kind: z.literal('har'),
  file: fileName,
  creator: z.string().describe('The program that wrote the file.'),
  frontend: url.describe('Origin of the page, named or guessed.'),
  api: url.describe('Origin of the API, named or guessed.'),
  exchanges: z.int().min(0),
  apiExchanges: z.int().min(0),
  hasCookies: z.boolean().describe('false: the file leaves cookies out.'),
  notes: z.array(z.string()),
  findings: z.array(finding),
});

/** A text was explained, or a recording. */
export const explained = z.union([text, har]);
