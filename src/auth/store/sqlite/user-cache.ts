import type { User } from '../types.ts';
import type { Sql } from './database.ts';
import { userById } from './users.ts';

/** The user of a token is looked up with every request; reading a row costs a fifth of such a request. */
export interface UserCache {
  readonly userById: (id: number) => User | undefined;
  /** To be called after every change through the same connection. */
  readonly clear: () => void;
}

const MAX_USERS = 1000;

/**
 * Users that were read already, for as long as nobody else wrote: SQLite's data_version changes with every commit
 * of another connection, in this process or another one (https://sqlite.org/pragma.html#pragma_data_version).
 */
export function createUserCache(sql: Sql): UserCache {
  const users = new Map<number, User>();
  let version: number | undefined;
  return {
    userById: (id) => {
      const current = sql.first<{ data_version: number }>('pragma data_version')?.data_version;
      if (current !== version || users.size >= MAX_USERS) users.clear();
      version = current;
      const known = users.get(id);
      if (known !== undefined) return known;
      const user = userById(sql, id);
      if (user !== undefined) users.set(id, user);
      return user;
    },
    clear: () => users.clear(),
  };
}
