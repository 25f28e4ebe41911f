import v8 from 'node:v8';
import vm from 'node:vm';

const MIB = 1024 * 1024;

/** Less would collect more often than it helps; with twice as much, Node 24 holds some 20 MiB more. */
const EVERY_BYTES = 8 * MIB;

/**
 * Counts the bytes of bodies that pass, and has the young generation collected after every few MiB. The buffers of a
 * body are garbage as soon as they are written. V8 does not see that in time: it collects when its own objects
 * fill the young generation, and a buffer of 64 KiB is an object of a hundred bytes there, so that up to 64 MiB of dead buffers
 * (V8's soft limit for memory outside its heap) pile up, and malloc keeps the pages. `bench/memory.mjs` measures it.
 */
export function createBodyMeter(collect: () => void): (bytes: number) => void {
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < EVERY_BYTES) return;
    passed = 0;
    collect();
  };
}

/** For all bodies of the process: it has one heap. */
export const countBodyBytes: (bytes: number) => void = createBodyMeter(collectYoungGeneration);

type Collect = (options: { readonly type: 'minor' }) => void;

let gc: Collect | undefined;

/** A minor collection: a millisecond or less. Bodies of less than some MiB never ask for one. */
function collectYoungGeneration(): void {
  gc ??= exposeCollector();
  gc({ type: 'minor' });
}

/** V8's own function (flag `--expose-gc`), which a context made after the flag was set has. */
function exposeCollector(): Collect {
  v8.setFlagsFromString('--expose-gc');
  const found: unknown = vm.runInNewContext('typeof gc === "function" ? gc : undefined');
  return typeof found === 'function' ? (found as Collect) : () => undefined;
}
