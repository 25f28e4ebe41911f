import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errors.ts';
import type { Run } from './run.ts';

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

export interface PortHolderDeps {
  readonly platform: NodeJS.Platform;
  readonly run: Run;
  /** `/proc`; tests give a directory of their own. */
  readonly procRoot: string;
}

/**
 * Who listens on a TCP port, or undefined where this user may not see it (another user's process) or nobody does.
 * Linux reads proc(5); macOS asks `lsof`, Windows `netstat` and `tasklist`.
 */
export async function findPortHolder(port: number, deps: PortHolderDeps): Promise<PortHolder | undefined> {
  if (deps.platform === 'linux') return findOnLinux(port, deps.procRoot);
  if (deps.platform === 'darwin') return findOnMacos(port, deps.run);
  if (deps.platform === 'win32') return findOnWindows(port, deps.run);
  return undefined;
}

async function findOnLinux(port: number, procRoot: string): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readIfVisible(path.join(procRoot, 'net', table))),
  );
  const inodes = new Set(tables.flatMap((table) => parseListeningInodes(table ?? '', port)));
  if (inodes.size === 0) return undefined;
  for (const name of await readdir(procRoot)) {
    if (!/^\d+$/.test(name)) continue;
    if (!(await holdsSocket(path.join(procRoot, name, 'fd'), inodes))) continue;
    const commandLine = (await readIfVisible(path.join(procRoot, name, 'cmdline'))) ?? '';
    return { pid: Number(name), command: commandLine.replaceAll('\0', ' ').trim() || 'unknown command' };
  }
  return undefined;
}

const TCP_LISTEN = '0A';

/** proc(5), /proc/net/tcp: the local address is hex `address:port`, the state the fourth column, the inode the tenth. */
export function parseListeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === TCP_LISTEN && fields[1]?.split(':')[1] === wanted)
    .flatMap((fields) => (fields[9] === undefined ? [] : [fields[9]]));
}

async function holdsSocket(fdDir: string, inodes: ReadonlySet<string>): Promise<boolean> {
  for (const descriptor of (await ifVisible(readdir(fdDir))) ?? []) {
    const link = await ifVisible(readlink(path.join(fdDir, descriptor)));
    const inode = /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

function readIfVisible(file: string): Promise<string | undefined> {
  return ifVisible(readFile(file, 'utf8'));
}

/** Processes end while we look (ENOENT, ESRCH), and other users' are closed to us (EACCES, EPERM). */
async function ifVisible<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ESRCH' || errno === 'EACCES' || errno === 'EPERM') return undefined;
    throw error;
  }
}

async function findOnMacos(port: number, run: Run): Promise<PortHolder | undefined> {
  const listed = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { timeoutMs: 5000 });
  const pid = /^p(\d+)$/m.exec(listed.stdout)?.[1];
  if (pid === undefined) return undefined;
  return { pid: Number(pid), command: /^c(.+)$/m.exec(listed.stdout)?.[1] ?? 'unknown command' };
}

async function findOnWindows(port: number, run: Run): Promise<PortHolder | undefined> {
  const listed = await run('netstat', ['-ano', '-p', 'TCP'], { timeoutMs: 5000 });
  // The word for LISTENING is translated; a listener is the line whose foreign port is 0.
  const pid = new RegExp(`^\\s*TCP\\s+\\S+:${port}\\s+\\S+:0\\s+\\S+\\s+(\\d+)\\s*$`, 'm').exec(
    listed.stdout,
  )?.[1];
  if (pid === undefined) return undefined;
  const tasks = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], { timeoutMs: 5000 });
  return { pid: Number(pid), command: /^"([^"]+)"/m.exec(tasks.stdout)?.[1] ?? 'unknown command' };
}
