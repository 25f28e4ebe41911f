import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errors.ts';

/**
 * What was read of another process, or undefined: processes end while we look (ENOENT, ESRCH), and other users' are
 * closed to us (EACCES, EPERM; everything is, where /proc is mounted with hidepid).
 */
export async function ifVisible<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    return undefinedIfHidden(error);
  }
}

/** The same at once. */
export function ifVisibleSync<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    return undefinedIfHidden(error);
  }
}

function undefinedIfHidden(error: unknown): undefined {
  const errno = errnoOf(error);
  if (errno === 'ENOENT' || errno === 'ESRCH' || errno === 'EACCES' || errno === 'EPERM') return undefined;
  throw error;
}

/** A TCP socket that listens, as /proc/net/tcp has it. */
export interface ListeningSocket {
  readonly inode: string;
  /** Hexadecimal, each 32 bits in the byte order of the machine: 0100007F. */
  readonly address: string;
  readonly port: number;
}

/** Every listener of this network namespace, on both families. */
export async function readListeners(procRoot: string): Promise<readonly ListeningSocket[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => ifVisible(readFile(path.join(procRoot, 'net', table), 'utf8'))),
  );
  return tables.flatMap((table) => parseListeners(table ?? ''));
}

const TCP_LISTEN = '0A';

/** proc(5), /proc/net/tcp: the local address is hex `address:port`, the state the fourth column, the inode the tenth. */
export function parseListeners(table: string): readonly ListeningSocket[] {
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [address, port] = fields[1]?.split(':') ?? [];
    const inode = fields[9];
    if (fields[3] !== TCP_LISTEN || inode === undefined || address === undefined || port === undefined)
      return [];
    return [{ inode, address, port: Number.parseInt(port, 16) }];
  });
}

/** The inodes of a process's sockets, one after another: whoever looks for one need not read them all. */
export async function* socketInodes(pid: string, procRoot: string): AsyncGenerator<string> {
  const directory = path.join(procRoot, pid, 'fd');
  for (const descriptor of (await ifVisible(readdir(directory))) ?? []) {
    const link = await ifVisible(readlink(path.join(directory, descriptor)));
    const inode = /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1];
    if (inode !== undefined) yield inode;
  }
}
