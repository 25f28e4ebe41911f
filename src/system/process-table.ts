import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ifVisibleSync } from './proc.ts';
import type { Run } from './run.ts';

/** A process as the system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** The process group. */
  readonly group: number;
  /** Ended, and not yet collected by its parent. */
  readonly zombie: boolean;
  /** Together with the number it is never given out again: when the process began, in the platform's own form. */
  readonly startedAt: string;
}

export interface ProcessTableDeps {
  readonly platform: NodeJS.Platform;
  readonly run: Run;
  /** `/proc`; tests give a directory of their own. */
  readonly procRoot: string;
}

/**
 * All processes that this user may see: proc(5) on Linux, `ps` on other POSIX systems. Empty on Windows, where trees
 * are ended by `taskkill` and nobody asks.
 */
export async function listProcesses(deps: ProcessTableDeps): Promise<readonly ListedProcess[]> {
  if (deps.platform === 'win32') return [];
  if (deps.platform === 'linux') return listLinux(deps.procRoot);
  const listed = await deps.run('ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart='], { timeoutMs: 5000 });
  return parsePs(listed.stdout);
}

/** proc(5) is memory, not a disk: read at once it costs a fifth of what the thread pool needs for the same. */
function listLinux(procRoot: string): readonly ListedProcess[] {
  return readdirSync(procRoot).flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const text = ifVisibleSync(() => readFileSync(path.join(procRoot, name, 'stat'), 'utf8'));
    return text === undefined ? [] : (parseStat(text) ?? []);
  });
}

/** One line of /proc/PID/stat; undefined where it is none. */
export function parseStat(text: string): ListedProcess | undefined {
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const nameEnd = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const [state, parent, group, ...rest] = text.slice(nameEnd + 2).split(' ');
  const startedAt = rest[16];
  if (nameEnd < 0 || !Number.isInteger(pid) || startedAt === undefined) return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    zombie: state === 'Z' || state === 'X',
    startedAt,
  };
}

/** The answer of `ps -o pid=,ppid=,pgid=,stat=,lstart=`. */
export function parsePs(text: string): readonly ListedProcess[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line);
    if (found === null) return [];
    const [, pid, parent, group, state = '', startedAt = ''] = found;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        zombie: state.startsWith('Z'),
        startedAt,
      },
    ];
  });
}
