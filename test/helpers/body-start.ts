import type { BodyStart } from '../../src/proxy/types.ts';

/** A body as the proxy keeps it. */
export function bodyStart(bytes: Uint8Array | string, changes: Partial<BodyStart> = {}): BodyStart {
  let kept = Buffer.from(bytes);
  return {
    encoding: null,
    size: kept.length,
    get kept() {
      return kept.length;
    },
    start: () => kept,
    forget: () => {
      kept = Buffer.alloc(0);
    },
    ...changes,
  };
}
