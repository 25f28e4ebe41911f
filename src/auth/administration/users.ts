import { JwtDevError } from '../../errors.ts';
import { isEmailSyntax } from '../fields/email-syntax.ts';
import { MAX_USERNAME_LENGTH, usernamePatternMessages } from '../fields/username.ts';
import type { Passwords } from '../passwords/hash.ts';
import type { AuthStore, NewUser, User } from '../store/types.ts';

export interface UserToAdd {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isActive: boolean;
}

/**
 * Adds a user with any password; the address counts as verified, as for the users of the configuration.
 * @throws JwtDevError ERR_USAGE for a name or address that is none, or a name that is taken.
 */
export async function addUser(
  user: UserToAdd,
  {
    store,
    passwords,
    now,
  }: { readonly store: AuthStore; readonly passwords: Passwords; readonly now: () => Date },
): Promise<User> {
  requireUsername(user.username);
  if (user.email !== '' && !isEmailSyntax(user.email)) {
    throw new JwtDevError('ERR_USAGE', `"${user.email}" is not an e-mail address`);
  }
  const { password, ...rest } = user;
  const added = await store.addUser({
    ...rest,
    id: null,
    email: user.email.toLowerCase(),
    emailVerified: user.email !== '',
    passwordHash: await passwords.hash(password),
    joinedAt: now().getTime(),
    lastLoginAt: null,
    extra: {},
  });
  if (added !== undefined) return added;
  throw new JwtDevError('ERR_USAGE', `There is a user "${user.username}" already`, {
    hint: 'Names are compared without their case. See who there is with: jwt-dev users',
  });
}

function requireUsername(username: string): void {
  if (usernamePatternMessages(username).length === 0 && username.length <= MAX_USERNAME_LENGTH) return;
  throw new JwtDevError(
    'ERR_USAGE',
    `"${username}" is not a user name: letters, digits and @/./+/-/_, at most ${MAX_USERNAME_LENGTH}`,
  );
}

/**
 * The user that a person means: by name, by id, or by an address that only one user has.
 * @throws JwtDevError ERR_USAGE where it is nobody, or several.
 */
export async function findUser(store: AuthStore, which: string): Promise<User> {
  const named = await store.userByUsername(which);
  if (named !== undefined) return named;
  const numbered = /^\d{1,15}$/.test(which) ? await store.userById(Number(which)) : undefined;
  if (numbered !== undefined) return numbered;
  const [first, ...others] = await store.usersByEmail(which.toLowerCase());
  if (first !== undefined && others.length === 0) return first;
  const names = [first, ...others].flatMap((user) => (user === undefined ? [] : [user.username])).join(', ');
  throw new JwtDevError(
    'ERR_USAGE',
    first === undefined ? `There is no user "${which}"` : `Several users have the address ${which}: ${names}`,
    { hint: 'Name the user as it stands in: jwt-dev users' },
  );
}

export interface ImportResult {
  readonly added: readonly User[];
  /** Users who exist already, by name; nothing of theirs is changed. */
  readonly skipped: readonly string[];
  /** Users whose id was taken, so that they got another one. Tokens of the other backend do not fit them. */
  readonly renumbered: readonly { readonly username: string; readonly from: number; readonly to: number }[];
}

/** Adds users of another backend, with their ids and their password hashes where possible. */
export async function importUsers(store: AuthStore, users: readonly NewUser[]): Promise<ImportResult> {
  const added: User[] = [];
  const skipped: string[] = [];
  const renumbered: { username: string; from: number; to: number }[] = [];
  for (const user of users) {
    const exact = await store.addUser(user);
    const other =
      exact === undefined && (await store.userByUsername(user.username)) === undefined
        ? await store.addUser({ ...user, id: null })
        : undefined;
    if (other !== undefined && user.id !== null) {
      renumbered.push({ username: user.username, from: user.id, to: other.id });
    }
    const result = exact ?? other;
    if (result === undefined) skipped.push(user.username);
    else added.push(result);
  }
  return { added, skipped, renumbered };
}
