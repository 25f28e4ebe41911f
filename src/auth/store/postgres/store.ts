import type { OpenedStore } from '../types.ts';
import type { PgDatabase } from './database.ts';
import { addMail, listMail } from './outbox.ts';
import { denyRefresh, isRefreshDenied, purgeExpired, rotateRefresh, startFamily } from './refresh.ts';
import {
  addUser,
  changeUser,
  listUsers,
  removeUser,
  userById,
  userByUsername,
  usersByEmail,
  verifyEmail,
} from './users.ts';

/** The store on PostgreSQL, for several instances that share users. */
export function createPostgresStore(database: PgDatabase): OpenedStore {
  const meta = async (key: string): Promise<string | undefined> =>
    (await database.all<{ value: string }>('select value from jwt_dev.meta where key = $1', [key]))[0]?.value;
  const insert = 'insert into jwt_dev.meta (key, value) values ($1, $2) on conflict (key)';
  return {
    userById: (id) => userById(database, id),
    userByUsername: (username) => userByUsername(database, username),
    usersByEmail: (email) => usersByEmail(database, email),
    listUsers: () => listUsers(database),
    addUser: (user) => addUser(database, user),
    changeUser: (id, changes) => changeUser(database, id, changes),
    verifyEmail: (id) => verifyEmail(database, id),
    removeUser: (id) => removeUser(database, id),
    startFamily: (token) => startFamily(database, token),
    rotateRefresh: (request) => rotateRefresh(database, request),
    denyRefresh: (token, now, wholeFamily) => denyRefresh(database, token, now, wholeFamily),
    isRefreshDenied: (jti, now, graceMs) => isRefreshDenied(database, jti, now, graceMs),
    purgeExpired: (now) => purgeExpired(database, now),
    addMail: (mail, keep) => addMail(database, mail, keep),
    listMail: (filter) => listMail(database, filter),
    clearMail: async () => void (await database.run('delete from jwt_dev.outbox')),
    meta,
    metaDefault: async (key, value) => {
      await database.run(`${insert} do nothing`, [key, value]);
      return (await meta(key)) ?? value;
    },
    setMeta: async (key, value) =>
      void (await database.run(`${insert} do update set value = excluded.value`, [key, value])),
    close: () => database.close(),
  };
}
