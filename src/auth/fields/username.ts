import type { Api } from '../api.ts';
import type { FieldResult } from './field.ts';

/** Django's UnicodeUsernameValidator: letters and digits of any script, and five signs. */
const USERNAME = /^[\p{L}\p{N}_.@+-]+$/u;

const PATTERN_MESSAGE =
  'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.';
const TAKEN_MESSAGE = 'A user with that username already exists.';

export const MAX_USERNAME_LENGTH = 150;

export function usernamePatternMessages(username: string): readonly string[] {
  return USERNAME.test(username) ? [] : [PATTERN_MESSAGE];
}

/** The pattern, and that nobody has the name in any case. `ownId`: a user whose own name is no obstacle. */
export async function checkUsername(
  username: string,
  api: Pick<Api, 'store'>,
  ownId: number | null,
): Promise<FieldResult> {
  const messages = usernamePatternMessages(username);
  if (messages.length > 0) return { messages };
  const holder = await api.store.userByUsername(username);
  return holder === undefined || holder.id === ownId ? { value: username } : { messages: [TAKEN_MESSAGE] };
}

export { TAKEN_MESSAGE as USERNAME_TAKEN };
