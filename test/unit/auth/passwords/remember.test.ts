import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Passwords } from '../../../../src/auth/passwords/hash.ts';
import { rememberRight } from '../../../../src/auth/passwords/remember.ts';

/** Plain text for a hash, and how often one was computed. */
function counting(): { readonly passwords: Passwords; readonly count: () => number } {
  let count = 0;
  const passwords = rememberRight(
    {
      hash: async (password) => {
        count += 1;
        return `hash of ${password}`;
      },
      verify: async (password, stored) => {
        count += 1;
        return stored === `hash of ${password}`;
      },
    },
    { randomBytes },
  );
  return { passwords, count: () => count };
}

test('a password that was right is right again without a hash', async () => {
  const { passwords, count } = counting();
  expect(await passwords.verify('one', 'hash of one')).toBe(true);
  expect(await passwords.verify('one', 'hash of one')).toBe(true);
  expect(count()).toBe(1);
});

test('a password that was just set is known', async () => {
  const { passwords, count } = counting();
  expect(await passwords.verify('one', await passwords.hash('one'))).toBe(true);
  expect(count()).toBe(1);
});

test('a wrong one costs a hash each time, and so does an unknown user', async () => {
  const { passwords, count } = counting();
  await passwords.verify('one', 'hash of one');
  for (let time = 0; time < 2; time += 1) {
    expect(await passwords.verify('two', 'hash of one')).toBe(false);
    expect(await passwords.verify('one', 'hash of two')).toBe(false);
    expect(await passwords.verify('one', undefined)).toBe(false);
  }
  expect(count()).toBe(7);
});

test('what a hash and a password are together is no other pair', async () => {
  const { passwords } = counting();
  expect(await passwords.verify('b', 'hash of b')).toBe(true);
  expect(await passwords.verify(' b', 'hash of')).toBe(false);
});

test('the oldest are forgotten', async () => {
  const { passwords, count } = counting();
  for (let user = 0; user <= 1_024; user += 1) await passwords.hash(`${user}`);
  await passwords.verify('1', 'hash of 1');
  expect(count()).toBe(1_025);
  await passwords.verify('0', 'hash of 0');
  expect(count()).toBe(1_026);
});
