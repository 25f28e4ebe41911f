import { z } from 'zod';
import { instant } from './shared.ts';

const user = z.strictObject({
  id: z.int().positive(),
  username: z.string(),
  email: z.string().describe('Empty: none.'),
  emailVerified: z.boolean(),
  active: z.boolean(),
  firstName: z.string(),
  lastName: z.string(),
  joined: instant,
  lastLogin: instant.nullable(),
});

const changed = user
  .extend({ password: z.string().optional().describe('One that was made just now, told this once.') })
  .describe('What the verbs that change one user print.');

const imported = z
  .strictObject({
    added: z.array(user),
    skipped: z.array(z.string()).describe('Names that exist already.'),
    renumbered: z.array(
      z.strictObject({ username: z.string(), from: z.int().positive(), to: z.int().positive() }),
    ),
  })
  .describe('What `users import` prints.');

export const users = z.union([z.array(user), changed, imported]);

const mail = z.strictObject({
  id: z.int().positive(),
  to: z.string(),
  type: z.enum(['confirm-email', 'reset-password']),
  subject: z.string(),
  body: z.string(),
  parts: z.record(z.string(), z.string()).describe('`link`, and `key` or `uid` and `token`.'),
  sentAt: instant,
});

export const outbox = z.union([
  z.array(mail),
  z.array(z.string()).describe('With `--link`: the links alone.'),
  z.strictObject({ cleared: z.literal(true) }).describe('With `--clear`.'),
]);
