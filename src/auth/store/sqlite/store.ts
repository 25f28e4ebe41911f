import type { OpenedStore } from '../types.ts';
import type { Sql } from './database.ts';
import { addMail, listMail } from './outbox.ts';
import { denyRefresh, isRefreshDenied, purgeExpired, rotateRefresh, startFamily } from './refresh.ts';
import { createUserCache } from './user-cache.ts';
import {
  addUser,
  changeUser,
  listUsers,
  removeUser,
  userByUsername,
  usersByEmail,
  verifyEmail,
} from './users.ts';

/** The store on SQLite. The work itself is synchronous: a query takes microseconds, no thread is worth it. */
export function createSqliteStore(sql: Sql): OpenedStore {
  const meta = (key: string): string | undefined =>
    sql.first<{ value: string }>('select value from meta where key = ?', [key])?.value;
  const cache = createUserCache(sql);
  const changing = <Result>(result: Result): Result => {
    cache.clear();
    return result;
  };
  return {
    userById: async (id) => cache.userById(id),
    userByUsername: async (username) => userByUsername(sql, username),
    usersByEmail: async (email) => usersByEmail(sql, email),
    listUsers: async () => listUsers(sql),
    addUser: async (user) => changing(addUser(sql, user)),
    changeUser: async (id, changes) => changing(changeUser(sql, id, changes)),
    verifyEmail: async (id) => changing(verifyEmail(sql, id)),
    removeUser: async (id) => changing(removeUser(sql, id)),
    startFamily: async (token) => startFamily(sql, token),
    rotateRefresh: async (request) => rotateRefresh(sql, request),
    denyRefresh: async (token, now, wholeFamily) => denyRefresh(sql, token, now, wholeFamily),
    isRefreshDenied: async (jti, now, graceMs) => isRefreshDenied(sql, jti, now, graceMs),
    purgeExpired: async (now) => purgeExpired(sql, now),
    addMail: async (mail, keep) => addMail(sql, mail, keep),
    listMail: async (filter) => listMail(sql, filter),
    clearMail: async () => void sql.run('delete from outbox'),
    meta: async (key) => meta(key),
    metaDefault: async (key, value) => {
      sql.run('insert into meta (key, value) values (?, ?) on conflict (key) do nothing', [key, value]);
      return meta(key) ?? value;
    },
    setMeta: async (key, value) =>
      void sql.run(
        'insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
        [key, value],
      ),
    close: async () => sql.close(),
  };
}
