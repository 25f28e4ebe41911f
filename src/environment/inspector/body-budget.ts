import type { BodyStart, Exchange } from '../../proxy/types.ts';

/** Bounds what the kept bodies take in all; the oldest lose theirs. */
export interface BodyBudget {
  readonly add: (exchange: Exchange) => void;
  readonly clear: () => void;
}

const MIB = 1024 * 1024;

/** Two thousand bodies of full length, and all of ten thousand of the usual kilobyte. */
const LIMIT_BYTES = 32 * MIB;

export function createBodyBudget(limit: number = LIMIT_BYTES): BodyBudget {
  let held: BodyStart[] = [];
  let oldest = 0;
  let bytes = 0;
  const hold = (body: BodyStart | null): void => {
    if (body === null || body.kept === 0) return;
    held.push(body);
    bytes += body.kept;
    while (bytes > limit && oldest < held.length) {
      const lost = held[oldest] as BodyStart;
      bytes -= lost.kept;
      lost.forget();
      oldest += 1;
    }
    // What was let go of leaves the list in lots.
    if (oldest >= 1_024) {
      held = held.slice(oldest);
      oldest = 0;
    }
  };
  return {
    add: ({ requestBody, responseBody }) => {
      hold(requestBody);
      hold(responseBody);
    },
    clear: () => {
      held = [];
      oldest = 0;
      bytes = 0;
    },
  };
}
