import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errors.ts';
import { selectTree } from '../system/kill-tree.ts';
import { listProcesses, type ProcessTableDeps } from '../system/process-table.ts';

/**
 * The TCP ports on which a process group and its descendants listen, on loopback or on every address, in ascending
 * order; null where the platform does not say (Windows). Linux reads proc(5), macOS asks `lsof`.
 */
export async function listeningPorts(
  group: number,
  deps: ProcessTableDeps,
): Promise<readonly number[] | null> {
  if (deps.platform === 'win32') return null;
  const pids = selectTree(await listProcesses(deps), { group, pids: [] }).map(({ pid }) => pid);
  if (pids.length === 0) return [];
  const ports = deps.platform === 'linux' ? await onLinux(pids, deps.procRoot) : await withLsof(pids, deps);
  return [...new Set(ports)].sort((a, b) => a - b);
}

async function onLinux(pids: readonly number[], procRoot: string): Promise<readonly number[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => ifVisible(readFile(path.join(procRoot, 'net', table), 'utf8'))),
  );
  const byInode = new Map(tables.flatMap((table) => parseListeners(table ?? '')));
  const ports = await Promise.all(
    pids.map(async (pid) => {
      const dir = path.join(procRoot, String(pid), 'fd');
      const links = await Promise.all(
        ((await ifVisible(readdir(dir))) ?? []).map((name) => ifVisible(readlink(path.join(dir, name)))),
      );
      return links.flatMap((link) => byInode.get(/^socket:\[(\d+)\]$/.exec(link ?? '')?.[1] ?? '') ?? []);
    }),
  );
  return ports.flat();
}

const TCP_LISTEN = '0A';
/** 127.0.0.0/8 and 0.0.0.0 in the byte order of the machine, ::1, ::, and both as IPv4-mapped addresses. */
const REACHABLE = /^([0-9A-F]{6}7F|0{8}|0{24}01000000|0{32}|0{16}FFFF0000([0-9A-F]{6}7F|0{8}))$/;

/** proc(5), /proc/net/tcp: inode and port of each listener that loopback reaches. */
export function parseListeners(table: string): readonly (readonly [inode: string, port: number])[] {
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [address = '', port = ''] = fields[1]?.split(':') ?? [];
    const inode = fields[9];
    if (fields[3] !== TCP_LISTEN || inode === undefined || !REACHABLE.test(address)) return [];
    return [[inode, Number.parseInt(port, 16)] as const];
  });
}

async function withLsof(pids: readonly number[], { run }: ProcessTableDeps): Promise<readonly number[]> {
  const args = ['-nP', '-a', '-p', pids.join(','), '-iTCP', '-sTCP:LISTEN', '-Fn'];
  return parseLsof((await run('lsof', args, { timeoutMs: 5000 })).stdout);
}

/** lsof(8), `-Fn`: a line for each listener, `n127.0.0.1:5173`, `n*:3000`, `n[::1]:8000`. */
export function parseLsof(text: string): readonly number[] {
  return [...text.matchAll(/^n(?:\*|127\.[\d.]+|\[::1?\]):(\d+)$/gm)].map(([, port]) => Number(port));
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
