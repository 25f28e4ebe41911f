/** Lets so many in at once as there is room for, and after that so many a second. */
export interface Intake {
  /** Whether the next one would be let in. */
  readonly isOpen: () => boolean;
  /** Lets one in, or counts it as missed. */
  readonly take: () => boolean;
  /** How many were not let in since the beginning or the last `clear`. */
  readonly missed: () => number;
  readonly clear: () => void;
}

export interface IntakeDeps {
  /** How many may come at once. */
  readonly burst: number;
  readonly perSecond: number;
  /** A clock in milliseconds that never goes back. */
  readonly clock: () => number;
}

/**
 * A token bucket. To keep an exchange costs some microseconds, nearly all of them in the garbage collector: nothing for
 * what people and tests do, a tenth of a proxy under a load test, of which nobody reads every request.
 */
export function createIntake({ burst, perSecond, clock }: IntakeDeps): Intake {
  let tokens = burst;
  let filledAt = clock();
  let missed = 0;
  const isOpen = (): boolean => {
    if (tokens >= 1) return true;
    // Only looked at where it is empty: a clock that is asked for each request costs as well.
    const now = clock();
    tokens = Math.min(burst, tokens + ((now - filledAt) * perSecond) / 1_000);
    filledAt = now;
    return tokens >= 1;
  };
  return {
    isOpen,
    take: () => {
      if (isOpen()) {
        tokens -= 1;
        return true;
      }
      missed += 1;
      return false;
    },
    missed: () => missed,
    clear: () => {
      missed = 0;
    },
  };
}
