/**
 * The schema, one entry per version. Entries are never edited after a release; a change is a new entry.
 * Times are milliseconds since 1970, truth values 0 and 1.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table users (
    id integer primary key autoincrement,
    username text not null,
    username_key text not null unique,
    email text not null,
    email_key text not null,
    email_verified integer not null,
    password_hash text not null,
    first_name text not null,
    last_name text not null,
    is_active integer not null,
    joined_at integer not null,
    last_login_at integer,
    extra text not null
  );
  create index users_email_key on users (email_key);
  create table refresh_families (
    id text primary key,
    head_jti text not null,
    revoked_at integer
  );
  create table refresh_tokens (
    jti text primary key,
    family_id text not null references refresh_families (id),
    user_id integer,
    issued_at integer not null,
    expires_at integer not null,
    rotated_at integer,
    denied_at integer
  );
  create index refresh_tokens_family on refresh_tokens (family_id);
  create index refresh_tokens_expiry on refresh_tokens (expires_at);
  create table outbox (
    id integer primary key autoincrement,
    recipient text not null,
    recipient_key text not null,
    type text not null,
    subject text not null,
    body text not null,
    parts text not null,
    sent_at integer not null
  );
  create index outbox_recipient on outbox (recipient_key);
  create table meta (key text primary key, value text not null);
  `,
];
