import { z } from 'zod';
import { JwtDevError } from '../../errors.ts';
import type { NewUser } from '../store/types.ts';

/** What `manage.py dumpdata auth.user account.emailaddress` writes, as far as it matters here. */
const record = z.object({ model: z.string(), pk: z.unknown(), fields: z.record(z.string(), z.unknown()) });

const userFields = z.object({
  username: z.string().min(1).max(150),
  password: z.string(),
  email: z.string().default(''),
  first_name: z.string().default(''),
  last_name: z.string().default(''),
  is_active: z.boolean().default(true),
  date_joined: z.iso.datetime({ offset: true }).optional(),
  last_login: z.iso.datetime({ offset: true }).nullable().default(null),
});

const addressFields = z.object({ user: z.unknown(), email: z.string(), verified: z.boolean() });

/**
 * The users of a Django dump. Any model with a user name and a password counts, so that a custom user model works.
 * Addresses are verified as allauth says; where the dump has nothing of allauth, nobody ever asked, and they all are.
 * @throws JwtDevError ERR_USAGE where the text is no such dump; it names the first record that does not fit.
 */
export function parseDjangoDump(text: string, now: number): readonly NewUser[] {
  const records = parse(z.array(record), parseJson(text), 'The file');
  const addresses = records
    .filter(({ model }) => model.toLowerCase() === 'account.emailaddress')
    .map(({ pk, fields }) => parse(addressFields, fields, `The e-mail address ${String(pk)}`));
  const isVerified = (pk: unknown, email: string): boolean =>
    addresses.length === 0 ||
    addresses.some(
      (address) => address.user === pk && address.verified && address.email.toLowerCase() === email,
    );
  return records.filter(isUser).map(({ pk, fields }) => {
    const user = parse(userFields, fields, `The user ${String(pk)}`);
    const email = user.email.toLowerCase();
    return {
      id: typeof pk === 'number' && Number.isSafeInteger(pk) && pk > 0 ? pk : null,
      username: user.username,
      email,
      emailVerified: email !== '' && isVerified(pk, email),
      passwordHash: user.password,
      firstName: user.first_name,
      lastName: user.last_name,
      isActive: user.is_active,
      joinedAt: user.date_joined === undefined ? now : Date.parse(user.date_joined),
      lastLoginAt: user.last_login === null ? null : Date.parse(user.last_login),
      extra: {},
    };
  });
}

function isUser({ fields }: z.infer<typeof record>): boolean {
  return 'username' in fields && 'password' in fields;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notADump('The file is not JSON', error);
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`;
  throw notADump(`${what} is not what dumpdata writes${place}: ${issue?.message ?? 'unknown'}`, result.error);
}

function notADump(message: string, cause: unknown): JwtDevError {
  return new JwtDevError('ERR_USAGE', message, {
    cause,
    hint: 'Make the file with: python manage.py dumpdata auth.user account.emailaddress > dump.json',
  });
}
