import { readdirSync, readFileSync } from 'node:fs';

/** The processes that run with a directory as their HOME, with their command lines; zombies have none. */
export async function processesOf(
  home: string,
): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const environment = readIfAlive(`/proc/${pid}/environ`).split('\0');
      const command = readIfAlive(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      return environment.includes(`HOME=${home}`) && command !== '' ? [{ pid: Number(pid), command }] : [];
    });
}

/** Numbers of the living processes that were started with a variable in their environment (zombies have none). */
export function processesWith(variable: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readIfAlive(`/proc/${pid}/environ`).split('\0').includes(variable));
}

/** Numbers of the living children of a process whose command line holds a text. */
export function childrenOf(parent: number, text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent && readIfAlive(`/proc/${pid}/cmdline`).includes(text));
}

/** Number of a process's parent; NaN where there is no such process. */
export function parentOf(pid: number): number {
  const stat = readIfAlive(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Whether a process runs; one that has ended and is not collected yet does not. */
export function isAlive(pid: number): boolean {
  const stat = readIfAlive(`/proc/${pid}/stat`);
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

/** Others end while we look, and some are not ours to read. */
function readIfAlive(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
}
