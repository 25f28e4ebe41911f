/** What never stands in anybody's way: work that is done later, in small portions, or not at all. */
export interface WorkQueue<Item> {
  /** Takes an item, or drops it where too many wait. Never throws, never works. */
  push(item: Item): void;
  /** Does all that waits, however long it takes in sum; others still get their turn in between. */
  drain(): Promise<void>;
  /** How many items were dropped since the beginning. */
  dropped(): number;
  close(): void;
}

export interface WorkQueueDeps<Item> {
  /** Called once, when there is something to work on; nothing is done before it has resolved, or ever where it fails. */
  readonly prepare: () => Promise<void>;
  readonly work: (item: Item) => void;
  /** Told what `prepare` or `work` throws, each time. */
  readonly onError: (error: unknown) => void;
  /** Told when an item is dropped, with the count so far. */
  readonly onDrop: (dropped: number) => void;
  /** A clock in milliseconds that never goes back. */
  readonly clock: () => number;
  readonly limits?: Partial<WorkLimits>;
}

export interface WorkLimits {
  /** How many items may wait. */
  readonly waiting: number;
  /** How long one portion may take, in milliseconds, before everybody else has a turn. One item is never cut off. */
  readonly portionMs: number;
  /** What part of the time the work may take in the long run, beside what comes with each item. */
  readonly share: number;
  /** How much time comes with each item that is pushed, in milliseconds: it stands for what its request took itself. */
  readonly perItemMs: number;
  /** How much time may be taken at once after a quiet while, in milliseconds. */
  readonly burstMs: number;
}

/**
 * A request takes the proxy some 100 microseconds, and a look at it 5 to 20. A page that loads is some milliseconds of
 * work, and some 300 requests in each second are looked at for as long as they come: only load tests come near these
 * limits. What waits for long is dear too, as the collector has to move it about.
 */
const LIMITS: WorkLimits = { waiting: 256, portionMs: 2, share: 0.002, perItemMs: 0.001, burstMs: 60 };

/**
 * A bounded queue that is worked off between other events, oldest first. Time that was taken is paid back before the next
 * portion begins, so that slow work means dropped items and never slow requests.
 */
export function createWorkQueue<Item>(deps: WorkQueueDeps<Item>): WorkQueue<Item> {
  const limits: WorkLimits = { ...LIMITS, ...deps.limits };
  let waiting: Item[] = [];
  let next = 0;
  let dropped = 0;
  let credit = limits.burstMs;
  let creditedAt = deps.clock();
  let isScheduled = false;
  let isClosed = false;
  let isPrepared = false;
  let preparing: Promise<void> | undefined;

  const workOne = (): void => {
    const item = waiting[next] as Item;
    next += 1;
    // What is done is let go of in lots: under load the queue may never be empty.
    if (next === waiting.length || next >= limits.waiting) {
      waiting = waiting.slice(next);
      next = 0;
    }
    try {
      deps.work(item);
    } catch (error) {
      deps.onError(error);
    }
  };
  const isEmpty = (): boolean => waiting.length === 0;

  /** Works until the portion is over; gives what it took. */
  const workPortion = (): number => {
    const begun = deps.clock();
    let taken = 0;
    while (!isEmpty() && taken < limits.portionMs) {
      workOne();
      taken = deps.clock() - begun;
    }
    return taken;
  };

  const turn = (): void => {
    isScheduled = false;
    if (isClosed || isEmpty()) return;
    const now = deps.clock();
    credit = Math.min(limits.burstMs, credit + (now - creditedAt) * limits.share);
    creditedAt = now;
    if (credit > 0) credit -= workPortion();
    schedule();
  };
  const schedule = (): void => {
    if (isScheduled || isClosed || isEmpty()) return;
    isScheduled = true;
    if (credit > 0) setImmediate(turn);
    // A whole portion is saved up first: timers cost more than what they would gain.
    else setTimeout(turn, Math.ceil((limits.portionMs - credit) / limits.share)).unref();
  };

  const close = (): void => {
    isClosed = true;
    waiting = [];
    next = 0;
  };
  const prepare = async (): Promise<void> => {
    try {
      await deps.prepare();
      isPrepared = true;
      schedule();
    } catch (error) {
      close();
      deps.onError(error);
    }
  };

  return {
    push: (item) => {
      if (isClosed) return;
      credit = Math.min(limits.burstMs, credit + limits.perItemMs);
      if (waiting.length - next >= limits.waiting) {
        dropped += 1;
        deps.onDrop(dropped);
        return;
      }
      waiting.push(item);
      if (isPrepared) schedule();
      else preparing ??= prepare();
    },
    drain: async () => {
      await preparing;
      // Only what waits now: more may come as fast as it is worked off.
      for (let left = waiting.length - next; left > 0 && !isEmpty(); ) {
        const before = waiting.length - next;
        workPortion();
        left -= before - (waiting.length - next);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    dropped: () => dropped,
    close,
  };
}
