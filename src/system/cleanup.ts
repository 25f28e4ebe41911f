/** Closers in the order of opening; run in reverse, each at most once, and all of them even if one fails. */
export interface Cleanup {
  readonly add: (close: () => Promise<void> | void) => void;
  /** @throws AggregateError when closers failed, after all of them were run. */
  readonly run: () => Promise<void>;
}

export function createCleanup(): Cleanup {
  const closers: (() => Promise<void> | void)[] = [];
  return {
    add: (close) => void closers.push(close),
    run: async () => {
      const failures: unknown[] = [];
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Something could not be closed');
    },
  };
}
