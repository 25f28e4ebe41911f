import type { Api } from './api.ts';
import { invalidAsAWhole } from './problems.ts';
import type { User } from './store/types.ts';

export interface GivenCredentials {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/**
 * The active user with that name or address and that password, as dj-rest-auth looks for it: the address first,
 * where both are given. A name that is an address finds the user by it.
 * @throws ApiProblem 400 where something to look for is missing.
 */
export async function findByCredentials(given: GivenCredentials, api: Api): Promise<User | undefined> {
  const { loginBy } = api.config;
  const byEmail = loginBy.includes('email');
  const byUsername = loginBy.includes('username');
  if (byEmail && given.email !== '')
    return firstMatch(await usersWithEmail(given.email, api), given.password, api);
  if (byUsername && given.username !== '') return byName(given.username, given.password, byEmail, api);
  throw invalidAsAWhole(missingMessage(byEmail, byUsername));
}

async function byName(
  username: string,
  password: string,
  orEmail: boolean,
  api: Api,
): Promise<User | undefined> {
  const named = await api.store.userByUsername(username);
  const addressed = orEmail ? await usersWithEmail(username, api) : [];
  const candidates = [...(named === undefined ? [] : [named]), ...addressed];
  return firstMatch(candidates, password, api);
}

/** Where somebody has verified the address, the others do not count. */
async function usersWithEmail(email: string, api: Api): Promise<readonly User[]> {
  const users = await api.store.usersByEmail(email.toLowerCase());
  const verified = users.filter((user) => user.emailVerified);
  return verified.length > 0 ? verified : users;
}

/** An address that many unverified accounts share must not make one request compute hashes without end. */
const MAX_CANDIDATES = 20;

async function firstMatch(
  candidates: readonly User[],
  password: string,
  api: Api,
): Promise<User | undefined> {
  if (candidates.length === 0) await api.passwords.verify(password, undefined);
  for (const user of candidates.slice(0, MAX_CANDIDATES)) {
    if ((await api.passwords.verify(password, user.passwordHash)) && user.isActive) return user;
  }
  return undefined;
}

function missingMessage(byEmail: boolean, byUsername: boolean): string {
  if (byEmail && byUsername) return 'Must include either "username" or "email" and "password".';
  return byEmail ? 'Must include "email" and "password".' : 'Must include "username" and "password".';
}
