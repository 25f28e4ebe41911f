import type { Exchange } from '../../proxy/types.ts';

/** The newest exchanges, numbered in the order in which they came. */
export interface Ring {
  /** @returns the exchange that had to go for it; its number is the first kept one's less one. */
  readonly push: (exchange: Exchange) => Exchange | undefined;
  readonly get: (seq: number) => Exchange | undefined;
  /** The number of the exchange with that id. */
  readonly find: (id: string) => number | undefined;
  /** The number of the oldest that is kept; one more than `last` where there is none. */
  readonly first: () => number;
  /** The number of the newest; 0: there was none. */
  readonly last: () => number;
  readonly kept: () => number;
  /** How many had to go since the beginning or the last `clear`. */
  readonly dropped: () => number;
  /** Numbers are never used twice, also not after this. */
  readonly clear: () => void;
}

/** @param capacity how many are kept; at least 1. */
export function createRing(capacity: number): Ring {
  // Grows as exchanges come: most environments never see as many as there is room for.
  let slots: (Exchange | undefined)[] = [];
  let first = 1;
  let last = 0;
  let dropped = 0;
  const get = (seq: number): Exchange | undefined =>
    seq < first || seq > last ? undefined : slots[seq % capacity];
  return {
    push: (exchange) => {
      last += 1;
      const slot = last % capacity;
      if (last - first < capacity) {
        slots[slot] = exchange;
        return undefined;
      }
      const lost = slots[slot];
      slots[slot] = exchange;
      first += 1;
      dropped += 1;
      return lost;
    },
    get,
    find: (id) => {
      // Ten thousand comparisons of short texts, newest first: an index would cost each exchange something.
      for (let seq = last; seq >= first; seq -= 1) if (get(seq)?.id === id) return seq;
      return undefined;
    },
    first: () => first,
    last: () => last,
    kept: () => last - first + 1,
    dropped: () => dropped,
    clear: () => {
      slots = [];
      first = last + 1;
      dropped = 0;
    },
  };
}
