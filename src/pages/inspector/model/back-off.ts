const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** How long to wait before the next attempt to connect, in milliseconds: twice as long each time. */
export function backOff(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}

/** After so many attempts without an answer the environment counts as ended. */
export const ATTEMPTS_UNTIL_ENDED = 3;
