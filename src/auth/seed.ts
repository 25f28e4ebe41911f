import type { SeedUser } from '../config/types.ts';
import { JwtDevError } from '../errors.ts';
import type { Passwords } from './passwords/hash.ts';
import type { AuthStore } from './store/types.ts';

export interface SeededUser {
  readonly username: string;
  readonly password: string;
  readonly email: string;
}

/**
 * Makes sure that the users of the configuration exist. One that exists already (by its name, in any case) keeps
 * everything: a test or a person may have changed it on purpose, and `jwt-dev reset` is there to begin anew.
 * Its address counts as verified, so that a login works with every setting.
 * @throws JwtDevError ERR_CONFIG_INVALID where a pinned id belongs to somebody else.
 */
export async function seedUsers(
  seeds: readonly SeedUser[],
  deps: { readonly store: AuthStore; readonly passwords: Passwords; readonly now: () => Date },
): Promise<readonly SeededUser[]> {
  // Pinned ids first: an automatic one must not take their place.
  const ordered = [...seeds].sort((a, b) => Number(a.id === null) - Number(b.id === null));
  await Promise.all(ordered.filter(({ id }) => id !== null).map((seed) => seedUser(seed, deps)));
  for (const seed of ordered.filter(({ id }) => id === null)) await seedUser(seed, deps);
  return seeds.map(({ username, password, email }) => ({ username, password, email }));
}

async function seedUser(
  seed: SeedUser,
  { store, passwords, now }: Parameters<typeof seedUsers>[1],
): Promise<void> {
  if ((await store.userByUsername(seed.username)) !== undefined) return;
  const user = await store.addUser({
    id: seed.id,
    username: seed.username,
    email: seed.email.toLowerCase(),
    emailVerified: seed.email !== '',
    passwordHash: await passwords.hash(seed.password),
    firstName: seed.firstName,
    lastName: seed.lastName,
    isActive: seed.isActive,
    joinedAt: now().getTime(),
    lastLoginAt: null,
    extra: seed.extra,
  });
  if (user !== undefined || (await store.userByUsername(seed.username)) !== undefined) return;
  const holder = seed.id === null ? undefined : await store.userById(seed.id);
  throw new JwtDevError(
    'ERR_CONFIG_INVALID',
    `auth.users: "${seed.username}" cannot have the id ${seed.id}, it belongs to "${holder?.username}"`,
    { hint: 'Give the user another id, or remove the other one with: jwt-dev users remove' },
  );
}
