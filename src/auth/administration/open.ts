import { randomBytes } from 'node:crypto';
import { JwtDevError } from '../../errors.ts';
import type { Owner } from '../../system/files.ts';
import { createPasswords, DEFAULT_COST, type Passwords } from '../passwords/hash.ts';
import { openStore } from '../store/open-store.ts';
import type { AuthStore } from '../store/types.ts';

export interface Administration {
  readonly store: AuthStore;
  readonly passwords: Passwords;
}

/**
 * Runs some work on the store of a project from outside of its environment, whether that runs or not.
 * @throws JwtDevError ERR_STORE, also for a store in memory: it belongs to the process that runs it.
 */
export async function withAdministration<Result>(
  options: { readonly store: string; readonly owner: Owner | null },
  work: (administration: Administration) => Promise<Result>,
): Promise<Result> {
  if (options.store === ':memory:') {
    throw new JwtDevError(
      'ERR_STORE',
      'The auth store is in memory (auth.store): only the running environment sees it',
      {
        hint: 'Use a file as auth.store, or name the users in the configuration (auth.users).',
      },
    );
  }
  const store = await openStore(options.store, options.owner);
  const passwords = createPasswords({ cost: DEFAULT_COST, randomBytes, limit: (hashing) => hashing() });
  try {
    return await work({ store, passwords });
  } finally {
    await store.close();
  }
}
