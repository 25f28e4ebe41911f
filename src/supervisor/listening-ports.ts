import { selectTree } from '../system/kill-tree.ts';
import { type ListeningSocket, readListeners, socketInodes } from '../system/proc.ts';
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
  const listeners = await readListeners(procRoot);
  const byInode = new Map(listeners.filter(isReachable).map(({ inode, port }) => [inode, port]));
  const ports = await Promise.all(
    pids.map(async (pid) => {
      const found: number[] = [];
      for await (const inode of socketInodes(String(pid), procRoot)) {
        const port = byInode.get(inode);
        if (port !== undefined) found.push(port);
      }
      return found;
    }),
  );
  return ports.flat();
}

/** Whether loopback reaches it: 127.0.0.0/8, 0.0.0.0, ::1, ::, and the first two as IPv4-mapped addresses. */
export function isReachable({ address }: Pick<ListeningSocket, 'address'>): boolean {
  return /^([0-9A-F]{6}7F|0{8}|0{24}01000000|0{32}|0{16}FFFF0000([0-9A-F]{6}7F|0{8}))$/.test(address);
}

async function withLsof(pids: readonly number[], { run }: ProcessTableDeps): Promise<readonly number[]> {
  const args = ['-nP', '-a', '-p', pids.join(','), '-iTCP', '-sTCP:LISTEN', '-Fn'];
  return parseLsof((await run('lsof', args, { timeoutMs: 5000 })).stdout);
}

/** lsof(8), `-Fn`: a line for each listener, `n127.0.0.1:5173`, `n*:3000`, `n[::1]:8000`. */
export function parseLsof(text: string): readonly number[] {
  return [...text.matchAll(/^n(?:\*|127\.[\d.]+|\[::1?\]):(\d+)$/gm)].map(([, port]) => Number(port));
}
