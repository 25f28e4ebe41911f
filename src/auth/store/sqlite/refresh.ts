import { decideRotation } from '../rotation.ts';
import type { RefreshRecord, Rotation, RotationRequest } from '../types.ts';
import type { Sql } from './database.ts';

interface TokenRow {
  readonly jti: string;
  readonly family_id: string;
  readonly user_id: number | null;
  readonly issued_at: number;
  readonly expires_at: number;
  readonly rotated_at: number | null;
  readonly denied_at: number | null;
}

interface FamilyRow {
  readonly id: string;
  readonly head_jti: string;
  readonly revoked_at: number | null;
}

export function startFamily(sql: Sql, token: RefreshRecord): void {
  sql.transaction(() => insertFamily(sql, token));
}

export function rotateRefresh(sql: Sql, request: RotationRequest): Rotation {
  const { presented, next, now } = request;
  return sql.transaction((): Rotation => {
    const row = tokenRow(sql, presented.jti);
    const family = row === undefined ? undefined : familyRow(sql, row.family_id);
    const head = family === undefined ? undefined : tokenRow(sql, family.head_jti);
    const decision = decideRotation(
      {
        presented: row === undefined ? undefined : { rotatedAt: row.rotated_at, deniedAt: row.denied_at },
        familyRevoked: (family?.revoked_at ?? null) !== null,
        headUsable: head !== undefined && head.denied_at === null && head.expires_at > now,
      },
      request,
    );
    switch (decision) {
      case 'rotate': {
        const familyId = row?.family_id ?? insertFamily(sql, presented);
        insertToken(sql, next, familyId);
        sql.run('update refresh_tokens set rotated_at = ? where jti = ?', [now, presented.jti]);
        sql.run('update refresh_families set head_jti = ? where id = ?', [next.jti, familyId]);
        return { kind: 'rotated' };
      }
      case 'follow':
        return head === undefined ? { kind: 'refused' } : { kind: 'followed', head: toRecord(head) };
      case 'revoke':
        if (row !== undefined) revoke(sql, row.family_id, now);
        return { kind: 'refused' };
      case 'refuse':
        return { kind: 'refused' };
    }
  });
}

export function denyRefresh(sql: Sql, token: RefreshRecord, now: number, wholeFamily: boolean): void {
  sql.transaction(() => {
    const familyId = tokenRow(sql, token.jti)?.family_id ?? insertFamily(sql, token);
    sql.run('update refresh_tokens set denied_at = coalesce(denied_at, ?) where jti = ?', [now, token.jti]);
    if (wholeFamily) revoke(sql, familyId, now);
  });
}

export function isRefreshDenied(sql: Sql, jti: string, now: number, graceMs: number): boolean {
  const row = tokenRow(sql, jti);
  if (row === undefined) return false;
  const revokedAt = familyRow(sql, row.family_id)?.revoked_at ?? null;
  if (row.denied_at !== null || revokedAt !== null) return true;
  return row.rotated_at !== null && now - row.rotated_at >= graceMs;
}

export function purgeExpired(sql: Sql, now: number): void {
  sql.transaction(() => {
    const removed = sql.run('delete from refresh_tokens where expires_at <= ?', [now]);
    if (removed === 0) return;
    sql.run('delete from refresh_families where id not in (select family_id from refresh_tokens)');
  });
}

function tokenRow(sql: Sql, jti: string): TokenRow | undefined {
  return sql.first<TokenRow>('select * from refresh_tokens where jti = ?', [jti]);
}

function familyRow(sql: Sql, id: string): FamilyRow | undefined {
  return sql.first<FamilyRow>('select * from refresh_families where id = ?', [id]);
}

/** A family is named by its first token. */
function insertFamily(sql: Sql, token: RefreshRecord): string {
  sql.run('insert into refresh_families (id, head_jti) values (?, ?)', [token.jti, token.jti]);
  insertToken(sql, token, token.jti);
  return token.jti;
}

function insertToken(sql: Sql, token: RefreshRecord, familyId: string): void {
  sql.run(
    'insert into refresh_tokens (jti, family_id, user_id, issued_at, expires_at) values (?, ?, ?, ?, ?)',
    [token.jti, familyId, token.userId, token.issuedAt, token.expiresAt],
  );
}

function revoke(sql: Sql, familyId: string, now: number): void {
  sql.run('update refresh_families set revoked_at = coalesce(revoked_at, ?) where id = ?', [now, familyId]);
}

function toRecord(row: TokenRow): RefreshRecord {
  return { jti: row.jti, userId: row.user_id, issuedAt: row.issued_at, expiresAt: row.expires_at };
}
