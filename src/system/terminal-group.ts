import { readFileIfPresent } from './files.ts';
import type { Run } from './run.ts';

/**
 * Whether a process is in its terminal's foreground process group: then a Ctrl-C there is sent to every process of the
 * group by the terminal itself (termios(3), ISIG), and none of them has to be told by another one.
 */
export async function isInForeground(
  pid: number,
  { platform, run }: { readonly platform: NodeJS.Platform; readonly run: Run },
): Promise<boolean> {
  // Every process of a console gets its Ctrl-C, and no other process can send one.
  if (platform === 'win32') return true;
  const stat = platform === 'linux' ? await readFileIfPresent(`/proc/${pid}/stat`) : undefined;
  if (stat !== undefined) return foregroundByStat(stat.toString());
  const { exitCode, stdout } = await run('ps', ['-o', 'pgid=,tpgid=', '-p', String(pid)]);
  const [group, foreground] = stdout.trim().split(/\s+/);
  return exitCode === 0 && group !== '' && group === foreground;
}

/** proc(5): field 5 is the process group, field 8 the foreground group of its terminal, -1 without a terminal. */
export function foregroundByStat(stat: string): boolean {
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[2] !== undefined && fields[2] === fields[5];
}
