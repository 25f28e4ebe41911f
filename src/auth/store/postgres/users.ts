import { caseKey, type ExtraValue, type NewUser, type User, type UserChanges } from '../types.ts';
import { type PgDatabase, type PgSql, type PgValue, toNumber, toNumberOrNull } from './database.ts';

interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly password_hash: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly is_active: boolean;
  readonly joined_at: string;
  readonly last_login_at: string | null;
  readonly extra: string;
}

export async function userById(sql: PgSql, id: number): Promise<User | undefined> {
  return firstUser(sql, 'where id = $1', [id]);
}

/** Names are unique in any case, so there is at most one. */
export async function userByUsername(sql: PgSql, username: string): Promise<User | undefined> {
  return firstUser(sql, 'where username_key = $1', [caseKey(username)]);
}

export async function usersByEmail(sql: PgSql, email: string): Promise<readonly User[]> {
  return selectUsers(sql, 'where email_key = $1 order by id', [caseKey(email)]);
}

export async function listUsers(sql: PgSql): Promise<readonly User[]> {
  return selectUsers(sql, 'order by id', []);
}

export async function addUser(database: PgDatabase, user: NewUser): Promise<User | undefined> {
  return database.transaction(async (sql) => {
    // Looked at before, so that a refused user does not use up an id; two at once meet at the unique index.
    if ((await userByUsername(sql, user.username)) !== undefined) return undefined;
    const columns = { ...toColumns(user), ...(user.id === null ? {} : { id: user.id }) };
    const names = Object.keys(columns);
    const places = names.map((_, index) => `$${index + 1}`);
    const [row] = await sql.all<{ id: string }>(
      `insert into jwt_dev.users (${names.join(', ')}) values (${places.join(', ')}) on conflict do nothing returning id`,
      Object.values(columns),
    );
    if (row === undefined) return undefined;
    if (user.id !== null) await skipIdsUpTo(sql, user.id);
    return userById(sql, toNumber(row.id));
  });
}

/** A pinned id is not one that the sequence gave: the sequence must not give it later. */
async function skipIdsUpTo(sql: PgSql, id: number): Promise<void> {
  await sql.run(
    `select setval(pg_get_serial_sequence('jwt_dev.users', 'id'), greatest($1::bigint,
       (select case when is_called then last_value else last_value - 1 end from jwt_dev.users_id_seq), 1))`,
    [id],
  );
}

export async function changeUser(
  database: PgDatabase,
  id: number,
  changes: UserChanges,
): Promise<User | undefined> {
  return database.transaction(async (sql) => {
    if (changes.username !== undefined) {
      const holder = await userByUsername(sql, changes.username);
      if (holder !== undefined && holder.id !== id) return undefined;
    }
    const columns = toColumns(changes);
    const names = Object.keys(columns);
    if (names.length > 0) {
      const assignments = names.map((name, index) => `${name} = $${index + 2}`);
      await sql.run(`update jwt_dev.users set ${assignments.join(', ')} where id = $1`, [
        id,
        ...Object.values(columns),
      ]);
    }
    return userById(sql, id);
  });
}

export async function verifyEmail(database: PgDatabase, id: number): Promise<boolean> {
  return database.transaction(async (sql) => {
    const user = await userById(sql, id);
    if (user === undefined || user.email === '') return false;
    // All who share the address are locked, in one order: of two that verify at once the second one sees the first.
    const sharing = await selectUsers(sql, 'where email_key = $1 order by id for update', [
      caseKey(user.email),
    ]);
    const holder = sharing.find((other) => other.emailVerified);
    if (holder !== undefined) return holder.id === id;
    await sql.run('update jwt_dev.users set email_verified = true where id = $1', [id]);
    return true;
  });
}

export async function removeUser(sql: PgSql, id: number): Promise<boolean> {
  return (await sql.run('delete from jwt_dev.users where id = $1', [id])) > 0;
}

async function firstUser(sql: PgSql, rest: string, values: readonly PgValue[]): Promise<User | undefined> {
  const [user] = await selectUsers(sql, rest, values);
  return user;
}

async function selectUsers(sql: PgSql, rest: string, values: readonly PgValue[]): Promise<readonly User[]> {
  return (await sql.all<UserRow>(`select * from jwt_dev.users ${rest}`, values)).map(toUser);
}

function toUser(row: UserRow): User {
  return {
    id: toNumber(row.id),
    username: row.username,
    email: row.email,
    emailVerified: row.email_verified,
    passwordHash: row.password_hash,
    firstName: row.first_name,
    lastName: row.last_name,
    isActive: row.is_active,
    joinedAt: toNumber(row.joined_at),
    lastLoginAt: toNumberOrNull(row.last_login_at),
    extra: JSON.parse(row.extra) as Record<string, ExtraValue>,
  };
}

/** The columns for the members that are given; one writer for inserts and changes. */
function toColumns(user: UserChanges): Record<string, PgValue> {
  const columns: Record<string, PgValue> = {};
  if (user.username !== undefined) {
    columns['username'] = user.username;
    columns['username_key'] = caseKey(user.username);
  }
  if (user.email !== undefined) {
    columns['email'] = user.email;
    columns['email_key'] = caseKey(user.email);
  }
  if (user.emailVerified !== undefined) columns['email_verified'] = user.emailVerified;
  if (user.passwordHash !== undefined) columns['password_hash'] = user.passwordHash;
  if (user.firstName !== undefined) columns['first_name'] = user.firstName;
  if (user.lastName !== undefined) columns['last_name'] = user.lastName;
  if (user.isActive !== undefined) columns['is_active'] = user.isActive;
  if (user.joinedAt !== undefined) columns['joined_at'] = user.joinedAt;
  if (user.lastLoginAt !== undefined) columns['last_login_at'] = user.lastLoginAt;
  if (user.extra !== undefined) columns['extra'] = JSON.stringify(user.extra);
  return columns;
}
