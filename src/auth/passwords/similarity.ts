/** What a password must not resemble, with the words that Django's message uses. */
export interface PersonalAttributes {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

const LABELS = {
  username: 'username',
  firstName: 'first name',
  lastName: 'last name',
  email: 'email address',
} as const satisfies Record<keyof PersonalAttributes, string>;

/** Django's UserAttributeSimilarityValidator: from 0.7 on it is too similar. */
const MAX_SIMILARITY = 0.7;

/** The message for the first attribute that the password resembles, or undefined. */
export function similarityMessage(password: string, person: PersonalAttributes): string | undefined {
  const lower = password.toLowerCase();
  for (const attribute of ['username', 'firstName', 'lastName', 'email'] as const) {
    const value = person[attribute].toLowerCase();
    const parts = [...value.split(/[^\p{L}\p{N}_]+/u), value].filter((part) => part !== '');
    if (parts.some((part) => isTooSimilar(lower, part))) {
      return `The password is too similar to the ${LABELS[attribute]}.`;
    }
  }
  return undefined;
}

function isTooSimilar(password: string, part: string): boolean {
  const [a, b] = [Array.from(password), Array.from(part)];
  // A much longer password cannot resemble a short part; Django skips the comparison.
  const lengthBound = (MAX_SIMILARITY / 2) * a.length;
  if (a.length >= 10 * b.length && b.length < lengthBound) return false;
  return quickRatio(a, b) >= MAX_SIMILARITY;
}

/** difflib.SequenceMatcher.quick_ratio: twice the characters in common (in any order) over both lengths. */
export function quickRatio(a: readonly string[], b: readonly string[]): number {
  const available = new Map<string, number>();
  for (const char of b) available.set(char, (available.get(char) ?? 0) + 1);
  let common = 0;
  for (const char of a) {
    const left = available.get(char) ?? 0;
    if (left === 0) continue;
    common += 1;
    available.set(char, left - 1);
  }
  return a.length + b.length === 0 ? 1 : (2 * common) / (a.length + b.length);
}
