import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPasswords } from '../../../../src/auth/passwords/hash.ts';
import { CHEAP } from '../../../helpers/auth-api.ts';

const passwords = createPasswords({ cost: CHEAP, randomBytes, limit: (work) => work() });

// Made with Django 5.2's make_password("lètmein 1").
const DJANGO_PBKDF2 = 'pbkdf2_sha256$1000$saltsalt$FEXNUhnagzbtSp6S1e1D0gPvwaEryW4E6X8LlYOPANc=';
const DJANGO_SCRYPT =
  'scrypt$16384$saltsalt$8$5$URAxdkBCuIygJ7JuWjJuXtidPsZaX3eIQZFye4KVi6HzY+PQ3x3PnzaljtAWXIuDdYIweoHGhpO/9UYaJ/u37w==';

describe('passwords', () => {
  it('are verified against their own hash and no other', async () => {
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^scrypt\$1024\$[0-9a-f]{32}\$1\$1\$/);
    expect(await passwords.verify('correct horse', hash)).toBe(true);
    expect(await passwords.verify('correct horse ', hash)).toBe(false);
    expect(await passwords.hash('correct horse')).not.toBe(hash);
  });

  it.each([
    ['pbkdf2_sha256', DJANGO_PBKDF2],
    ['scrypt', DJANGO_SCRYPT],
  ])('that Django hashed with %s are verified', async (_, hash) => {
    expect(await passwords.verify('lètmein 1', hash)).toBe(true);
    expect(await passwords.verify('letmein 1', hash)).toBe(false);
  });

  it.each([
    undefined,
    '',
    '!unusable',
    'md5$salt$hash',
    'pbkdf2_sha256$0$salt$aGFzaA==',
    'pbkdf2_sha256$x$salt$aGFzaA==',
    'pbkdf2_sha256$1000$salt$',
    'pbkdf2_sha256$99999999999$salt$aGFzaA==',
    'scrypt$1000$salt$8$5$aGFzaA==',
    'scrypt$1$salt$8$5$aGFzaA==',
    'scrypt$1073741824$salt$8$5$aGFzaA==',
    'scrypt$1024$salt$8$100000$aGFzaA==',
    'scrypt$1024$salt$8$5$',
  ])('do not match %j, which costs a hash all the same', async (hash) => {
    let hashed = 0;
    const counting = createPasswords({
      cost: CHEAP,
      randomBytes,
      limit: (work) => {
        hashed += 1;
        return work();
      },
    });
    expect(await counting.verify('x', hash)).toBe(false);
    expect(hashed).toBe(1);
  });
});
