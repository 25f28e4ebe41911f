import type { Pool, PoolClient } from 'pg';
import { JwtDevError, messageOf } from '../../../errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** A value that a column may hold. */
export type PgValue = string | number | boolean | null;

/** Runs statements, on a connection of the pool or within one transaction. */
export interface PgSql {
  /** The rows, whose type the caller names. bigint columns come as text: `toNumber` reads them. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  readonly all: <Row>(statement: string, values?: readonly PgValue[]) => Promise<readonly Row[]>;
  /** The number of rows that were changed. */
  readonly run: (statement: string, values?: readonly PgValue[]) => Promise<number>;
}

export interface PgDatabase extends PgSql {
  /** One transaction; what the function throws undoes all of it. */
  readonly transaction: <Result>(work: (sql: PgSql) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
}

/** Advisory locks of ours: the first key says that they are, the second which. The numbers mean nothing. */
const LOCK_SPACE = 0x6a77_7464;
const MIGRATION_LOCK = 1;

/**
 * Connects and brings the schema up to date.
 * @throws JwtDevError ERR_STORE where that is not possible; the message never holds the password of the URL.
 */
export async function openPostgres(url: string): Promise<PgDatabase> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000 });
  // A connection that breaks while nobody uses it: the pool has dropped it already, the next query gets a new one.
  pool.on('error', () => undefined);
  const database = wrap(pool);
  try {
    await database.transaction(migrate);
    return database;
  } catch (error) {
    await database.close();
    if (error instanceof JwtDevError) throw error;
    throw new JwtDevError(
      'ERR_STORE',
      `Cannot open the auth store ${withoutPassword(url)}: ${messageOf(error)}`,
      {
        cause: error,
        hint: 'Check that the server runs and that auth.store names a database that you may create tables in.',
      },
    );
  }
}

async function migrate(sql: PgSql): Promise<void> {
  // Instances that start at once migrate once.
  await sql.run('select pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, MIGRATION_LOCK]);
  await sql.run('create schema if not exists jwt_dev');
  await sql.run('create table if not exists jwt_dev.migrations (version integer primary key)');
  const [row] = await sql.all<{ version: number | null }>(
    'select max(version) as version from jwt_dev.migrations',
  );
  const from = row?.version ?? 0;
  if (from > MIGRATIONS.length) {
    throw new JwtDevError(
      'ERR_STORE',
      `The auth store has schema version ${from}, this jwt-dev knows versions up to ${MIGRATIONS.length}`,
      { hint: 'Use the newer jwt-dev that wrote it, or name another database in auth.store.' },
    );
  }
  for (const [index, statements] of MIGRATIONS.slice(from).entries()) {
    await sql.run(statements);
    await sql.run('insert into jwt_dev.migrations (version) values ($1)', [from + index + 1]);
  }
}

function wrap(pool: Pool): PgDatabase {
  const on = (target: Pool | PoolClient): PgSql => ({
    all: async <Row>(text: string, values: readonly PgValue[] = []) =>
      (await target.query(text, [...values])).rows as Row[],
    // Without values a text may hold several statements: the simple protocol takes them.
    run: async (text, values = []) =>
      (values.length === 0 ? await target.query(text) : await target.query(text, [...values])).rowCount ?? 0,
  });
  return {
    ...on(pool),
    transaction: async (work) => {
      const client = await pool.connect();
      let failure: unknown;
      try {
        await client.query('begin');
        const result = await work(on(client));
        await client.query('commit');
        return result;
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        // A connection in an unknown state is closed, which rolls back, and is not used again.
        client.release(failure !== undefined);
      }
    },
    close: () => pool.end(),
  };
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'at the given URL';
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href;
}

/** bigint columns come as text, to lose nothing; ours hold times and ids, which a number holds exactly. */
export function toNumber(value: string): number {
  return Number(value);
}

export function toNumberOrNull(value: string | null): number | null {
  return value === null ? null : Number(value);
}
