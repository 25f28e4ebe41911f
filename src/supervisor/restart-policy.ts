import type { Ending } from './types.ts';

export const FIRST_DELAY_MS = 250;
export const LONGEST_DELAY_MS = 10_000;
/** A run of that length was no failed start: the next delay is the first one again. */
export const STEADY_AFTER_MS = 10_000;

export interface Run {
  readonly ending: Ending;
  readonly livedMs: number;
  /** It accepted a connection. */
  readonly listened: boolean;
  /** The delay before this run; null: it was the first one. */
  readonly delayBeforeMs: number | null;
}

export type NextStep =
  | { readonly action: 'restart'; readonly delayMs: number }
  /** It has done what it was made for, and that is not serving. */
  | { readonly action: 'stop' };

/**
 * What follows the end of a run. Pure.
 *
 * - A server that ends is started again after 250 ms, doubling up to 10 s, and from the beginning after 10 s of life.
 *   Exit code 0 makes no difference: a server that has served is expected to be there.
 * - A command that ends with 0 and never listened is no server but a task, a build for example. Running it again and
 *   again would help nobody.
 * - What cannot be started is tried again every 10 s: `npm install` in another terminal mends it.
 */
export function nextStep({ ending, livedMs, listened, delayBeforeMs }: Run): NextStep {
  if (ending.kind === 'exit' && ending.code === 0 && !listened) return { action: 'stop' };
  if (ending.kind === 'unstartable') return { action: 'restart', delayMs: LONGEST_DELAY_MS };
  if (delayBeforeMs === null || livedMs >= STEADY_AFTER_MS)
    return { action: 'restart', delayMs: FIRST_DELAY_MS };
  return { action: 'restart', delayMs: Math.min(delayBeforeMs * 2, LONGEST_DELAY_MS) };
}

/** For people: `exit code 1`, `SIGSEGV`. */
export function endingText(ending: Ending): string {
  switch (ending.kind) {
    case 'exit':
      return `exit code ${ending.code}`;
    case 'signal':
      return ending.signal;
    case 'unstartable':
      return ending.reason;
    case 'unguarded':
      return 'its guard process was ended';
  }
}

/** What shells answer for a program that is missing (127) or may not be run (126): POSIX, Shell Command Language 2.8.2. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
/** cmd.exe's answer for an unknown command. */
const WINDOWS_NOT_FOUND = 9009;

/**
 * A shell that did not find the program has ended as if that were the program's own exit code; told apart by the code
 * and by how soon it came. Pure.
 */
export function asUnstartable(ending: Ending, viaShell: boolean, listened: boolean): Ending {
  if (ending.kind !== 'exit' || !viaShell || listened) return ending;
  if (![NOT_FOUND, NOT_EXECUTABLE, WINDOWS_NOT_FOUND].includes(ending.code)) return ending;
  return {
    kind: 'unstartable',
    reason: `the shell could not run it (exit code ${ending.code})`,
    hint: 'Check "command" in the configuration, and install what it needs: npm install',
  };
}
