import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLinkSigner,
  decodeUserId,
  encodeUserId,
  LINK_LIFETIME_MS,
} from '../../../../src/auth/mail/link-tokens.ts';
import type { User } from '../../../../src/auth/store/types.ts';

const NOW = 1_800_000_000_000;
const USER: User = {
  id: 41,
  username: 'ann',
  email: 'ann@example.org',
  emailVerified: false,
  passwordHash: 'hash',
  firstName: '',
  lastName: '',
  isActive: true,
  joinedAt: NOW,
  lastLoginAt: null,
  extra: {},
};
const signer = createLinkSigner(Buffer.from('a secret of thirty-two bytes ok!'));

describe('the key that confirms an address', () => {
  const key = signer.confirmKey(USER, NOW);

  it('names the user and a mark of the address, for three days', () => {
    const read = { userId: 41, emailMark: signer.emailMark(USER.email) };
    expect(signer.readConfirmKey(key, NOW)).toEqual(read);
    expect(signer.readConfirmKey(key, NOW + LINK_LIFETIME_MS)).toEqual(read);
    expect(signer.readConfirmKey(key, NOW + LINK_LIFETIME_MS + 1)).toBeUndefined();
  });

  it('has only characters that need no escape in a path', () => {
    expect(key).toMatch(/^[-:\w]+$/);
  });

  it('is refused from another secret and after any change', () => {
    const other = createLinkSigner(Buffer.from('another secret, also 32 bytes ok'));
    expect(other.readConfirmKey(key, NOW)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(key.length), fc.string({ minLength: 1, maxLength: 2 }), (at, text) => {
        expect(signer.readConfirmKey(key.slice(0, at) + text + key.slice(at), NOW)).toBeUndefined();
      }),
    );
  });
});

describe('the token that resets a password', () => {
  const token = signer.resetToken(USER, NOW);

  it('is good for its user, for three days', () => {
    expect(signer.checkResetToken(USER, token, NOW)).toBe(true);
    expect(signer.checkResetToken(USER, token, NOW + LINK_LIFETIME_MS)).toBe(true);
    expect(signer.checkResetToken(USER, token, NOW + LINK_LIFETIME_MS + 1)).toBe(false);
  });

  it.each<[string, Partial<User>]>([
    ['another user', { id: 42 }],
    ['the next password', { passwordHash: 'other' }],
    ['the next login', { lastLoginAt: NOW }],
    ['another address', { email: 'b@example.org' }],
  ])('ends with %s', (_, changes) => {
    expect(signer.checkResetToken({ ...USER, ...changes }, token, NOW)).toBe(false);
  });

  it.each(['', '-', 'x', 'a-b', token.slice(0, -1), `0${token}`])('is not %j', (text) => {
    expect(signer.checkResetToken(USER, text, NOW)).toBe(false);
  });

  it('cannot be used as a confirmation key', () => {
    expect(signer.readConfirmKey(token, NOW)).toBeUndefined();
  });
});

describe('user ids in links', () => {
  it('come back as they were written', () => {
    fc.assert(fc.property(fc.nat(), (id) => decodeUserId(encodeUserId(id)) === id));
  });

  it.each(['', '!!', '1.0', 'z'.repeat(14), ' 1', '1__2'])('are not %j', (uid) => {
    expect(decodeUserId(uid)).toBeUndefined();
  });
});
