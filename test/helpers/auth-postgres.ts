import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export interface TestPostgres {
  /** The URL of a new, empty database. */
  readonly newDatabase: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/**
 * A PostgreSQL server of its own in a temporary directory, on a free loopback port. Needs Debian's `postgresql`
 * (or `initdb` and `postgres` in PATH); as root it runs as the user postgres, since it refuses to run as root.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'jwt-dev-postgres-'));
  const identity = process.geteuid?.() === 0 ? postgresUser() : undefined;
  if (identity !== undefined) chownSync(dir, identity.uid, identity.gid);
  const data = path.join(dir, 'data');
  const options = { ...identity, cwd: dir, stdio: 'ignore' } as const;
  execFileSync(
    program('initdb'),
    ['-D', data, '-U', 'test', '-A', 'trust', '--no-sync', '-E', 'UTF8'],
    options,
  );
  const port = await freePort();
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${dir}`];
  const server = spawn(
    program('postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    options,
  );
  const exited = new Promise<void>((resolve) => void server.once('exit', () => resolve()));
  const urlOf = (database: string): string => `postgres://test@127.0.0.1:${port}/${database}`;
  await untilReady(urlOf('postgres'), server);
  let count = 0;
  return {
    newDatabase: async () => {
      count += 1;
      await query(urlOf('postgres'), `create database test_${count}`);
      return urlOf(`test_${count}`);
    },
    stop: async () => {
      // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
      server.kill('SIGINT');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function postgresUser(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function program(name: string): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => path.join(debian, version, 'bin', name))
    .find((file) => existsSync(file));
  return found ?? name;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    try {
      await query(url, 'select 1');
      return;
    } catch (error) {
      // Not listening yet (ECONNREFUSED), or still starting up (57P03).
      const { code } = error as { code?: string };
      if (code !== 'ECONNREFUSED' && code !== '57P03') throw error;
      await delay(50);
    }
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
