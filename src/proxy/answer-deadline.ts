/** Somebody who waits for an answer. The numbers are the deadline's own notes. */
export interface Waiting {
  /** When the wait began, in milliseconds. */
  since: number;
  /** The place among all that wait; -1: none. */
  place: number;
  readonly onOverdue: () => void;
}

export interface AnswerDeadline {
  /** Begins the wait, or begins it anew. */
  start(one: Waiting): void;
  /** Ends it, where there is one. */
  stop(one: Waiting): void;
}

/** Nobody minds a wait of minutes that ends a second late. */
const LOOK_EVERY_MS = 1_000;

/**
 * Tells everybody who has waited for longer than the limit. One timer looks after all: those that undici makes, one for each
 * request, outlive it by half a second, and the garbage collector carries them along.
 */
export function createAnswerDeadline(limitMs: number): AnswerDeadline {
  // No Set: each time it grows, what it held stays alive until the next full collection, with all that hangs on it.
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  const stop = (one: Waiting): void => {
    if (one.place === -1) return;
    const last = waiting.pop();
    if (last !== undefined && last !== one) {
      waiting[one.place] = last;
      last.place = one.place;
    }
    one.place = -1;
  };
  const lookLater = (): void => {
    timer = setTimeout(look, Math.min(LOOK_EVERY_MS, limitMs / 2));
    timer.unref();
  };
  const look = (): void => {
    timer = undefined;
    const latest = performance.now() - limitMs;
    for (const one of waiting.filter(({ since }) => since <= latest)) {
      // Who was told before may have ended this wait.
      if (one.place === -1) continue;
      stop(one);
      one.onOverdue();
    }
    if (waiting.length > 0) lookLater();
  };
  return {
    start: (one) => {
      if (one.place === -1) one.place = waiting.push(one) - 1;
      one.since = performance.now();
      if (timer === undefined) lookLater();
    },
    stop,
  };
}
