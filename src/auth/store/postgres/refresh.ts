import { decideRotation } from '../rotation.ts';
import type { RefreshRecord, Rotation, RotationRequest } from '../types.ts';
import { type PgDatabase, type PgSql, toNumber, toNumberOrNull } from './database.ts';

interface TokenRow {
  readonly jti: string;
  readonly family_id: string;
  readonly user_id: string | null;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly rotated_at: string | null;
  readonly denied_at: string | null;
}

interface FamilyRow {
  readonly id: string;
  readonly head_jti: string;
  readonly revoked_at: string | null;
}

/**
 * Whoever works on a family holds this lock shared, whoever throws families away holds it alone: a family must not go
 * while somebody is adding a token to it.
 */
const LEDGER_LOCK = "hashtext('jwt_dev.refresh_families')";

export async function startFamily(database: PgDatabase, token: RefreshRecord): Promise<void> {
  await inLedger(database, token.jti, (sql) => insertFamily(sql, token));
}

export async function rotateRefresh(database: PgDatabase, request: RotationRequest): Promise<Rotation> {
  const { presented, next, now } = request;
  return inLedger(database, presented.jti, async (sql): Promise<Rotation> => {
    const { row, family } = await lockToken(sql, presented.jti);
    const head = family === undefined ? undefined : await tokenRow(sql, family.head_jti);
    const decision = decideRotation(
      {
        presented:
          row === undefined
            ? undefined
            : { rotatedAt: toNumberOrNull(row.rotated_at), deniedAt: toNumberOrNull(row.denied_at) },
        familyRevoked: (family?.revoked_at ?? null) !== null,
        headUsable: head !== undefined && head.denied_at === null && toNumber(head.expires_at) > now,
      },
      request,
    );
    switch (decision) {
      case 'rotate': {
        const familyId = row?.family_id ?? (await insertFamily(sql, presented));
        await insertToken(sql, next, familyId);
        await sql.run('update jwt_dev.refresh_tokens set rotated_at = $1 where jti = $2', [
          now,
          encodeJti(presented.jti),
        ]);
        await sql.run('update jwt_dev.refresh_families set head_jti = $1 where id = $2', [
          encodeJti(next.jti),
          familyId,
        ]);
        return { kind: 'rotated' };
      }
      case 'follow':
        return head === undefined ? { kind: 'refused' } : { kind: 'followed', head: toRecord(head) };
      case 'revoke':
        if (row !== undefined) await revoke(sql, row.family_id, now);
        return { kind: 'refused' };
      case 'refuse':
        return { kind: 'refused' };
    }
  });
}

export async function denyRefresh(
  database: PgDatabase,
  token: RefreshRecord,
  now: number,
  wholeFamily: boolean,
): Promise<void> {
  await inLedger(database, token.jti, async (sql) => {
    const { row } = await lockToken(sql, token.jti);
    const familyId = row?.family_id ?? (await insertFamily(sql, token));
    await sql.run('update jwt_dev.refresh_tokens set denied_at = coalesce(denied_at, $1) where jti = $2', [
      now,
      encodeJti(token.jti),
    ]);
    if (wholeFamily) await revoke(sql, familyId, now);
  });
}

export async function isRefreshDenied(
  sql: PgSql,
  jti: string,
  now: number,
  graceMs: number,
): Promise<boolean> {
  const [row] = await sql.all<Pick<TokenRow, 'rotated_at' | 'denied_at'> & Pick<FamilyRow, 'revoked_at'>>(
    `select rotated_at, denied_at, revoked_at from jwt_dev.refresh_tokens
       join jwt_dev.refresh_families on refresh_families.id = family_id where jti = $1`,
    [encodeJti(jti)],
  );
  if (row === undefined) return false;
  if (row.denied_at !== null || row.revoked_at !== null) return true;
  return row.rotated_at !== null && now - toNumber(row.rotated_at) >= graceMs;
}

export async function purgeExpired(database: PgDatabase, now: number): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.all(`select pg_advisory_xact_lock(${LEDGER_LOCK})`);
    const removed = await sql.run('delete from jwt_dev.refresh_tokens where expires_at <= $1', [now]);
    if (removed === 0) return;
    await sql.run(
      `delete from jwt_dev.refresh_families
         where not exists (select from jwt_dev.refresh_tokens where family_id = refresh_families.id)`,
    );
  });
}

/** One transaction at a time for each token: also for one that the ledger does not know yet, and has no row to lock. */
function inLedger<Result>(
  database: PgDatabase,
  jti: string,
  work: (sql: PgSql) => Promise<Result>,
): Promise<Result> {
  return database.transaction(async (sql) => {
    await sql.all(`select pg_advisory_xact_lock_shared(${LEDGER_LOCK})`);
    await sql.all('select pg_advisory_xact_lock(hashtextextended($1, 0))', [encodeJti(jti)]);
    return work(sql);
  });
}

/** The token as it is once nobody else is working on its family. */
async function lockToken(
  sql: PgSql,
  jti: string,
): Promise<{ readonly row: TokenRow | undefined; readonly family: FamilyRow | undefined }> {
  const seen = await tokenRow(sql, jti);
  if (seen === undefined) return { row: undefined, family: undefined };
  const [family] = await sql.all<FamilyRow>(
    'select * from jwt_dev.refresh_families where id = $1 for update',
    [seen.family_id],
  );
  return { row: await tokenRow(sql, jti), family };
}

async function tokenRow(sql: PgSql, jti: string): Promise<TokenRow | undefined> {
  const [row] = await sql.all<TokenRow>('select * from jwt_dev.refresh_tokens where jti = $1', [
    encodeJti(jti),
  ]);
  return row;
}

/** A family is named by its first token. */
async function insertFamily(sql: PgSql, token: RefreshRecord): Promise<string> {
  const id = encodeJti(token.jti);
  await sql.run('insert into jwt_dev.refresh_families (id, head_jti) values ($1, $2)', [id, id]);
  await insertToken(sql, token, id);
  return id;
}

async function insertToken(sql: PgSql, token: RefreshRecord, familyId: string): Promise<void> {
  await sql.run(
    `insert into jwt_dev.refresh_tokens (jti, family_id, user_id, issued_at, expires_at) values ($1, $2, $3, $4, $5)`,
    [encodeJti(token.jti), familyId, token.userId, token.issuedAt, token.expiresAt],
  );
}

async function revoke(sql: PgSql, familyId: string, now: number): Promise<void> {
  await sql.run('update jwt_dev.refresh_families set revoked_at = coalesce(revoked_at, $1) where id = $2', [
    now,
    familyId,
  ]);
}

function toRecord(row: TokenRow): RefreshRecord {
  return {
    jti: JSON.parse(`"${row.jti}"`) as string,
    userId: toNumberOrNull(row.user_id),
    issuedAt: toNumber(row.issued_at),
    expiresAt: toNumber(row.expires_at),
  };
}

/** A token that somebody else signed with our key may have any id, and PostgreSQL takes no NUL in a text. */
function encodeJti(jti: string): string {
  return JSON.stringify(jti).slice(1, -1);
}
