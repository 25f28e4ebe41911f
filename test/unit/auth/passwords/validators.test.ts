import { describe, expect, it } from 'vitest';
import { passwordMessages } from '../../../../src/auth/passwords/validators.ts';

const ALL = ['similarity', 'length', 'common', 'numeric'] as const;
const PERSON = {
  username: 'zebracrossing',
  firstName: 'Nina',
  lastName: 'Ninety',
  email: 'hippo.potamus@example.org',
};
const SHORT = 'This password is too short. It must contain at least 8 characters.';
const COMMON = 'This password is too common.';
const NUMERIC = 'This password is entirely numeric.';

describe('passwordMessages', () => {
  // Each compared with Django 5.2's validators.
  it.each([
    ['Corr3ct-horse!battery', []],
    ['xK7#q', [SHORT]],
    ['password', [COMMON]],
    ['PassWord', [COMMON]],
    ['  qwertyuiop ', [COMMON]],
    ['8264917305582', [NUMERIC]],
    ['12345', [SHORT, COMMON, NUMERIC]],
    ['٣٤٥٦٧٨٩٠', [NUMERIC]],
    ['🦊🦊🦊🦊🦊🦊🦊', [SHORT]],
  ])('of %j for anybody: %j', async (password, messages) => {
    expect(await passwordMessages(password, undefined, ALL)).toEqual(messages);
  });

  it.each([
    ['zebracrossing1', 'The password is too similar to the username.'],
    ['gnissorcarbez', 'The password is too similar to the username.'],
    ['Ninety12', 'The password is too similar to the last name.'],
    ['potamus!!', 'The password is too similar to the email address.'],
    ['hippo.potamus@example.org', 'The password is too similar to the email address.'],
  ])('of %j for that person: %s', async (password, message) => {
    expect(await passwordMessages(password, PERSON, ALL)).toEqual([message]);
  });

  it('do not compare with what a user does not have', async () => {
    const nobody = { username: '', firstName: '', lastName: '', email: '' };
    expect(await passwordMessages('Corr3ct-horse!battery', nobody, ALL)).toEqual([]);
  });

  it('apply only the rules of the configuration', async () => {
    expect(await passwordMessages('12345', PERSON, [])).toEqual([]);
    expect(await passwordMessages('12345', PERSON, ['numeric'])).toEqual([NUMERIC]);
  });
});
