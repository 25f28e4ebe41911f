import { caseKey, type ExtraValue, type NewUser, type User, type UserChanges } from '../types.ts';
import type { Sql, SqlValue } from './database.ts';

interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly email_verified: number;
  readonly password_hash: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly is_active: number;
  readonly joined_at: number;
  readonly last_login_at: number | null;
  readonly extra: string;
}

/** Those of UserRow, and not the keys that are only searched by. */
const COLUMNS =
  'id, username, email, email_verified, password_hash, first_name, last_name, is_active, joined_at, last_login_at, extra';

export function userById(sql: Sql, id: number): User | undefined {
  const row = sql.first<UserRow>(`select ${COLUMNS} from users where id = ?`, [id]);
  return row === undefined ? undefined : toUser(row);
}

/** Names are unique in any case, so there is at most one. */
export function userByUsername(sql: Sql, username: string): User | undefined {
  const row = sql.first<UserRow>('select * from users where username_key = ?', [caseKey(username)]);
  return row === undefined ? undefined : toUser(row);
}

export function usersByEmail(sql: Sql, email: string): readonly User[] {
  return sql
    .all<UserRow>('select * from users where email_key = ? order by id', [caseKey(email)])
    .map(toUser);
}

export function listUsers(sql: Sql): readonly User[] {
  return sql.all<UserRow>('select * from users order by id').map(toUser);
}

export function addUser(sql: Sql, user: NewUser): User | undefined {
  return sql.transaction(() => {
    if (userByUsername(sql, user.username) !== undefined) return undefined;
    if (user.id !== null && userById(sql, user.id) !== undefined) return undefined;
    const columns = { ...toColumns(user), ...(user.id === null ? {} : { id: user.id }) };
    const names = Object.keys(columns);
    const row = sql.first<{ id: number }>(
      `insert into users (${names.join(', ')}) values (${names.map(() => '?').join(', ')}) returning id`,
      Object.values(columns),
    );
    return row === undefined ? undefined : userById(sql, row.id);
  });
}

export function changeUser(sql: Sql, id: number, changes: UserChanges): User | undefined {
  return sql.transaction(() => {
    if (changes.username !== undefined) {
      const holder = userByUsername(sql, changes.username);
      if (holder !== undefined && holder.id !== id) return undefined;
    }
    const columns = toColumns(changes);
    const names = Object.keys(columns);
    if (names.length > 0) {
      sql.run(`update users set ${names.map((name) => `${name} = ?`).join(', ')} where id = ?`, [
        ...Object.values(columns),
        id,
      ]);
    }
    return userById(sql, id);
  });
}

export function verifyEmail(sql: Sql, id: number): boolean {
  return sql.transaction(() => {
    const user = userById(sql, id);
    if (user === undefined || user.email === '') return false;
    const holder = usersByEmail(sql, user.email).find((other) => other.emailVerified);
    if (holder !== undefined) return holder.id === id;
    sql.run('update users set email_verified = 1 where id = ?', [id]);
    return true;
  });
}

export function removeUser(sql: Sql, id: number): boolean {
  return sql.run('delete from users where id = ?', [id]) > 0;
}

function toUser(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    emailVerified: row.email_verified === 1,
    passwordHash: row.password_hash,
    firstName: row.first_name,
    lastName: row.last_name,
    isActive: row.is_active === 1,
    joinedAt: row.joined_at,
    lastLoginAt: row.last_login_at,
    extra: JSON.parse(row.extra) as Record<string, ExtraValue>,
  };
}

/** The columns for the members that are given; one writer for inserts and changes. */
function toColumns(user: UserChanges): Record<string, SqlValue> {
  const columns: Record<string, SqlValue> = {};
  if (user.username !== undefined) {
    columns['username'] = user.username;
    columns['username_key'] = caseKey(user.username);
  }
  if (user.email !== undefined) {
    columns['email'] = user.email;
    columns['email_key'] = caseKey(user.email);
  }
  if (user.emailVerified !== undefined) columns['email_verified'] = Number(user.emailVerified);
  if (user.passwordHash !== undefined) columns['password_hash'] = user.passwordHash;
  if (user.firstName !== undefined) columns['first_name'] = user.firstName;
  if (user.lastName !== undefined) columns['last_name'] = user.lastName;
  if (user.isActive !== undefined) columns['is_active'] = Number(user.isActive);
  if (user.joinedAt !== undefined) columns['joined_at'] = user.joinedAt;
  if (user.lastLoginAt !== undefined) columns['last_login_at'] = user.lastLoginAt;
  if (user.extra !== undefined) columns['extra'] = JSON.stringify(user.extra);
  return columns;
}
