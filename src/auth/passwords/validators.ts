import type { PasswordRule } from '../../config/types.ts';
import { pythonLength } from '../body/values.ts';
import { loadCommonPasswords } from './common.ts';
import { type PersonalAttributes, similarityMessage } from './similarity.ts';

const MIN_LENGTH = 8;

/**
 * All messages that apply to a new password, in Django's order; none: it is fine.
 * `person` undefined: nothing to resemble (registration looks at the password alone first).
 */
export async function passwordMessages(
  password: string,
  person: PersonalAttributes | undefined,
  rules: readonly PasswordRule[],
): Promise<readonly string[]> {
  const messages: string[] = [];
  for (const rule of rules) {
    const message = await messageFor(rule, password, person);
    if (message !== undefined) messages.push(message);
  }
  return messages;
}

async function messageFor(
  rule: PasswordRule,
  password: string,
  person: PersonalAttributes | undefined,
): Promise<string | undefined> {
  switch (rule) {
    case 'similarity':
      return person === undefined ? undefined : similarityMessage(password, person);
    case 'length':
      return pythonLength(password) < MIN_LENGTH
        ? `This password is too short. It must contain at least ${MIN_LENGTH} characters.`
        : undefined;
    case 'common':
      return (await loadCommonPasswords())(password) ? 'This password is too common.' : undefined;
    case 'numeric':
      return /^\p{Nd}+$/u.test(password) ? 'This password is entirely numeric.' : undefined;
  }
}
