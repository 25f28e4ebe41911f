import { z } from 'zod';

/** What every command prints when it fails. */
export const errorAnswer = z.strictObject({
  error: z.looseObject({
    code: z.string().regex(/^ERR_[A-Z_]+$/),
    message: z.string().min(1),
    hint: z.string().nullable().describe('The next step.'),
    details: z.array(z.string()).describe('Each mistake on its own, where there are several.'),
  }),
});

/** What `--help` prints. */
export const help = z.strictObject({ help: z.string().min(1) });
