import { createHmac } from 'node:crypto';
import type { Passwords } from './hash.ts';

/** Accounts of a test suite; 32 bytes each. */
const CAPACITY = 1_024;

/**
 * Passwords whose right answers are remembered while the process runs, so that a suite that logs in before each of its
 * tests pays for the hash once. What is kept is an HMAC under a key that nobody else has, of the stored hash and the
 * password: a changed password is another entry, and a wrong one costs a whole hash each time, as does an unknown user.
 */
export function rememberRight(
  passwords: Passwords,
  { randomBytes }: { readonly randomBytes: (size: number) => Buffer },
): Passwords {
  const key = randomBytes(32);
  const right = new Set<string>();
  const nameOf = (password: string, stored: string): string =>
    createHmac('sha256', key).update(`${stored}\0${password}`).digest('base64');
  const remember = (name: string): void => {
    const [oldest] = right;
    if (right.size >= CAPACITY && oldest !== undefined) right.delete(oldest);
    right.add(name);
  };
  return {
    hash: async (password) => {
      const stored = await passwords.hash(password);
      remember(nameOf(password, stored));
      return stored;
    },
    verify: async (password, stored) => {
      const name = stored === undefined ? '' : nameOf(password, stored);
      if (right.has(name)) return true;
      const isRight = await passwords.verify(password, stored);
      if (isRight) remember(name);
      return isRight;
    },
  };
}
