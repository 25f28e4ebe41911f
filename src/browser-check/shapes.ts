import { z } from 'zod';

/** What comes from outside, and how large it may be. */
const text = (length: number) => z.string().max(length);

const step = z.strictObject({
  id: text(64).min(1),
  title: text(200),
  status: z.enum(['pass', 'fail', 'info', 'skip']),
  detail: text(2_000),
  ms: z.number().nonnegative(),
  fix: text(2_000).optional(),
  code: z
    .string()
    .regex(/^JD\d{3}$/)
    .optional(),
});

export const progressShape = z.strictObject({
  done: z.boolean(),
  report: z.strictObject({
    browser: text(1_000),
    at: z.iso.datetime(),
    steps: z.array(step).max(100),
  }),
});

export const wishShape = z.strictObject({
  login: z.strictObject({ username: text(254).min(1), password: text(1_000).min(1) }).nullable(),
  register: z.boolean(),
  browserChecks: z.enum(['first', 'after-failure']).default('first'),
});

/** What the page gives its cookies as value: letters that need no quoting, so that it comes back as it went. */
export const nonceShape = z.strictObject({ nonce: z.string().regex(/^[\w-]{16,64}$/) });
