// oxlint-disable-next-line no-restricted-imports -- ends other processes, reads nothing of this one.
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from '../errors.ts';
import { type ListedProcess, listProcesses, type ProcessTableDeps } from './process-table.ts';

/** Where a tree of processes begins. */
export interface Tree {
  /** A process group; null: none. */
  readonly group: number | null;
  /** Processes that belong to it, wherever they are. Windows has nothing else. */
  readonly pids: readonly number[];
}

/**
 * The living processes of a tree: the members of its group, its own processes, and all that descend from them, also
 * those that left the group. A process that left the group and whose parents have all ended is not found: it made
 * itself independent on purpose, as editors, browsers and daemons do that a development server starts. Pure.
 */
export function selectTree(table: readonly ListedProcess[], tree: Tree): readonly ListedProcess[] {
  const children = new Map<number, ListedProcess[]>();
  for (const one of table) {
    const siblings = children.get(one.parent);
    if (siblings === undefined) children.set(one.parent, [one]);
    else siblings.push(one);
  }
  const chosen = new Map<number, ListedProcess>();
  const queue = table.filter(({ pid, group }) => group === tree.group || tree.pids.includes(pid));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (chosen.has(next.pid)) continue;
    chosen.set(next.pid, next);
    queue.push(...(children.get(next.pid) ?? []));
  }
  return [...chosen.values()].filter(({ zombie }) => !zombie);
}

/** Who is still to be ended: the tree as it is now, and who belonged to it before and has lost its parent since. Pure. */
export function remaining(
  table: readonly ListedProcess[],
  tree: Tree,
  known: ReadonlyMap<number, string>,
  self: number | null,
): readonly ListedProcess[] {
  const earlier = table.filter(({ pid, startedAt }) => known.get(pid) === startedAt).map(({ pid }) => pid);
  return selectTree(table, { group: tree.group, pids: [...tree.pids, ...earlier] }).filter(
    ({ pid }) => pid !== self,
  );
}

export interface EndTreeDeps extends ProcessTableDeps {
  /** The caller's own number, where it is a member of the tree: spared. */
  readonly self: number | null;
  /** How long SIGTERM is given to work before SIGKILL. Milliseconds. */
  readonly deadlineMs: number;
  /**
   * Who belonged to it when somebody looked last, with `startedAt`: found even where its parents have all ended since,
   * as the workers of a server that has crashed.
   */
  readonly known?: ReadonlyMap<number, string>;
  /** Aborted: SIGKILL at once. */
  readonly hurry?: AbortSignal;
}

const POLL_MS = 20;
/** What SIGKILL does not end within this time waits in the kernel (a dead network disk) and ends when that does. */
const KILL_LIMIT_MS = 2_000;

/**
 * Ends a tree of processes: SIGTERM, and SIGKILL for those that are left at the deadline. On Windows `taskkill` ends
 * it at once: consoles have no SIGTERM.
 * @returns the numbers of those that could not be ended, nearly always none.
 */
export async function endTree(tree: Tree, deps: EndTreeDeps): Promise<readonly number[]> {
  if (deps.platform === 'win32') return endWindowsTree(tree, deps);
  const known = new Map<number, string>(deps.known);
  const look = async (): Promise<readonly ListedProcess[]> => {
    const left = remaining(await listProcesses(deps), tree, known, deps.self);
    for (const { pid, startedAt } of left) known.set(pid, startedAt);
    return left;
  };
  const hurried = (): boolean => deps.hurry?.aborted === true;
  let left = await look();
  if (deps.deadlineMs > 0 && !hurried()) {
    for (const { pid } of left) signal(pid, 'SIGTERM');
    const deadline = performance.now() + deps.deadlineMs;
    while (left.length > 0 && performance.now() < deadline && !hurried()) {
      await sleep(POLL_MS);
      left = await look();
    }
  }
  const limit = performance.now() + KILL_LIMIT_MS;
  while (left.length > 0 && performance.now() < limit) {
    for (const { pid } of left) signal(pid, 'SIGKILL');
    await sleep(POLL_MS);
    left = await look();
  }
  return left.map(({ pid }) => pid);
}

async function endWindowsTree(tree: Tree, deps: EndTreeDeps): Promise<readonly number[]> {
  for (const pid of tree.pids) {
    await deps.run('taskkill', ['/T', '/F', '/PID', String(pid)], { timeoutMs: 10_000 });
  }
  return [];
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    kill(pid, name);
  } catch (error) {
    // ESRCH: it ended by itself in between. EPERM: it took another user's rights (sudo), and is not ours to end.
    if (errnoOf(error) !== 'ESRCH' && errnoOf(error) !== 'EPERM') throw error;
  }
}
