import { describe, expect, it } from 'vitest';
import { parseDjangoDump } from '../../../../src/auth/administration/django-dump.ts';

const NOW = 1_800_000_000_000;
const ANN = {
  model: 'auth.user',
  pk: 3,
  fields: {
    password: 'pbkdf2_sha256$1000000$salt$hash',
    last_login: '2026-11-23T13:00:00.123Z',
    is_superuser: false,
    username: 'ann',
    first_name: 'Ann',
    last_name: 'Archer',
    email: 'Ann@Example.org',
    is_staff: false,
    is_active: true,
    date_joined: '2026-01-02T03:04:05+01:00',
    groups: [],
    user_permissions: [],
  },
};
const address = (verified: boolean) => ({
  model: 'account.emailaddress',
  pk: 1,
  fields: { user: 3, email: 'ann@example.org', verified, primary: true },
});
const parse = (...records: readonly unknown[]) => parseDjangoDump(JSON.stringify(records), NOW);

describe('parseDjangoDump', () => {
  it('reads a user with id, hash, names, times and state', () => {
    expect(parse(ANN)).toEqual([
      {
        id: 3,
        username: 'ann',
        email: 'ann@example.org',
        emailVerified: true,
        passwordHash: 'pbkdf2_sha256$1000000$salt$hash',
        firstName: 'Ann',
        lastName: 'Archer',
        isActive: true,
        joinedAt: Date.parse('2026-01-02T02:04:05Z'),
        lastLoginAt: Date.parse('2026-11-23T13:00:00.123Z'),
        extra: {},
      },
    ]);
  });

  it('takes from allauth whether the address is verified', () => {
    expect(parse(ANN, address(true))[0]?.emailVerified).toBe(true);
    expect(parse(ANN, address(false))[0]?.emailVerified).toBe(false);
  });

  it('takes any model with a user name and a password, also with an id that is no number', () => {
    const custom = { model: 'accounts.customer', pk: '5d0f', fields: { username: 'bob', password: '!' } };
    expect(parse(custom, { model: 'auth.group', pk: 1, fields: { name: 'x' } })).toMatchObject([
      {
        id: null,
        username: 'bob',
        email: '',
        emailVerified: false,
        isActive: true,
        joinedAt: NOW,
        lastLoginAt: null,
      },
    ]);
  });

  it.each([
    ['{', 'The file is not JSON'],
    ['{}', 'The file is not what dumpdata writes'],
    ['[{"model":"x"}]', 'The file is not what dumpdata writes (0.'],
    [
      '[{"model":"auth.user","pk":9,"fields":{"username":"","password":"x"}}]',
      'The user 9 is not what dumpdata writes (username)',
    ],
  ])('says of %s what does not fit', (text, message) => {
    expect(() => parseDjangoDump(text, NOW)).toThrow(message);
  });
});
