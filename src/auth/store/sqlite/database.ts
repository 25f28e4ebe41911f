import type { Database, Statement } from 'libsql';
import { errnoOf, JwtDevError, messageOf } from '../../../errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** How long a writer waits for another process (two instances, `jwt-dev users` beside `up`). */
const BUSY_TIMEOUT_MS = 10_000;

/** A value that a column may hold. */
export type SqlValue = string | number | null;

/** One open database, with its prepared statements kept. The caller names the type of a row. */
export interface Sql {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  readonly all: <Row>(statement: string, values?: readonly SqlValue[]) => readonly Row[];
  /** The first row, or undefined. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  readonly first: <Row>(statement: string, values?: readonly SqlValue[]) => Row | undefined;
  /** The number of rows that were changed. */
  readonly run: (statement: string, values?: readonly SqlValue[]) => number;
  /** One write transaction; what the function throws undoes all of it. */
  readonly transaction: <Result>(work: () => Result) => Result;
  readonly close: () => void;
}

/**
 * Opens the database file (or `:memory:`) and brings its schema up to date.
 * @throws JwtDevError ERR_STORE where it cannot be opened, or was written by a newer jwt-dev.
 */
export async function openDatabase(file: string): Promise<Sql> {
  const { default: Libsql } = await import('libsql');
  let database: Database | undefined;
  try {
    database = new Libsql(file);
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('pragma journal_mode = wal');
    // WAL with NORMAL: a committed transaction survives the end of the process (kill -9), not a power cut within
    // the last moments; an fsync for every login would be felt (https://sqlite.org/pragma.html#pragma_synchronous).
    database.exec('pragma synchronous = normal');
    database.exec('pragma foreign_keys = on');
    migrate(database);
    return wrap(database);
  } catch (error) {
    database?.close();
    if (error instanceof JwtDevError) throw error;
    throw new JwtDevError('ERR_STORE', `Cannot open the auth store ${file}: ${messageOf(error)}`, {
      cause: error,
      hint: openHint(errnoOf(error) ?? ''),
    });
  }
}

/** What helps against SQLite's reason not to open a file (https://sqlite.org/rescode.html). */
export function openHint(code: string): string {
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR'))
    return 'Look whether the disk is full: free some space and run the command again. Nothing was lost.';
  if (/^SQLITE_(?:CANTOPEN|READONLY|PERM|AUTH)/.test(code))
    return 'Check who owns the file and its directory, or name another file in auth.store.';
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code))
    return 'Another program holds it locked. End that program, or name another file in auth.store.';
  return 'Move the file away to begin with an empty store, or name another one in auth.store.';
}

function migrate(database: Database): void {
  const version = (): number =>
    (database.prepare('pragma user_version').all()[0] as { user_version: number }).user_version;
  if (version() === MIGRATIONS.length) return;
  // Under the write lock, so that two processes that start at once migrate once.
  database
    .transaction(() => {
      const from = version();
      if (from > MIGRATIONS.length) {
        throw new JwtDevError(
          'ERR_STORE',
          `The auth store has schema version ${from}, this jwt-dev knows versions up to ${MIGRATIONS.length}`,
          { hint: 'Use the newer jwt-dev that wrote it, or name another file in auth.store.' },
        );
      }
      for (const statements of MIGRATIONS.slice(from)) database.exec(statements);
      database.exec(`pragma user_version = ${MIGRATIONS.length}`);
    })
    .immediate();
}

interface Prepared {
  readonly statement: Statement;
  /** Of a query, the names of its columns. */
  readonly columns: readonly string[];
}

function wrap(database: Database): Sql {
  const kept = new Map<string, Prepared>();
  const prepared = (text: string): Prepared => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    // Rows as arrays take half the time of rows as objects, and `get` would add a `_metadata` column to the latter.
    const statement = database.prepare(text);
    const columns = statement.reader ? statement.raw().columns() : [];
    const entry = { statement, columns: columns.map(({ name }) => name) };
    kept.set(text, entry);
    return entry;
  };
  // A loop, and not Object.fromEntries: this runs for every request, and a pair for each column is garbage.
  const toRow = (columns: readonly string[], values: readonly SqlValue[]): unknown => {
    const row: Record<string, SqlValue> = {};
    for (let index = 0; index < columns.length; index += 1) row[columns[index] ?? ''] = values[index] ?? null;
    return row;
  };
  return {
    // Values go as one array: libsql takes a single `null` for an object of named parameters.
    all: <Row>(text: string, values: readonly SqlValue[] = []) => {
      const { statement, columns } = prepared(text);
      return (statement.all([...values]) as SqlValue[][]).map((row) => toRow(columns, row) as Row);
    },
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
    first: <Row>(text: string, values: readonly SqlValue[] = []) => {
      const { statement, columns } = prepared(text);
      const row = statement.get([...values]) as SqlValue[] | undefined;
      return row === undefined ? undefined : (toRow(columns, row) as Row);
    },
    run: (text, values = []) => prepared(text).statement.run([...values]).changes,
    // IMMEDIATE takes the write lock first: a transaction that begins by reading could not wait for it later.
    transaction: <Result>(work: () => Result) => database.transaction(work).immediate(),
    close: () => {
      kept.clear();
      database.close();
    },
  };
}
