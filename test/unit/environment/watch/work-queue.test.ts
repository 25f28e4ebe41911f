import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createWorkQueue, type WorkQueueDeps } from '../../../../src/environment/watch/work-queue.ts';

/** A queue whose clock stands still unless the work moves it. */
function setUp(changes: Partial<WorkQueueDeps<number>> & { readonly costMs?: number } = {}) {
  const done: number[] = [];
  const errors: unknown[] = [];
  const drops: number[] = [];
  const clock = { now: 0 };
  const { costMs = 0, ...deps } = changes;
  const queue = createWorkQueue<number>({
    prepare: async () => undefined,
    work: (item) => {
      done.push(item);
      clock.now += costMs;
    },
    onError: (error) => errors.push(error),
    onDrop: (count) => drops.push(count),
    clock: () => clock.now,
    ...deps,
  });
  return { queue, done, errors, drops, clock };
}

test('nothing is done while an item is taken, and all of it soon after, in order', async () => {
  const { queue, done } = setUp();
  for (let item = 0; item < 200; item += 1) queue.push(item);
  expect(done).toEqual([]);
  await vi.waitFor(() => expect(done).toEqual(Array.from({ length: 200 }, (_, item) => item)));
});

test('what throws is told, and the rest is done all the same', async () => {
  const { queue, done, errors } = setUp({
    work: (item) => {
      if (item % 2 === 0) throw new Error(`item ${item}`);
      done.push(item);
    },
  });
  for (let item = 0; item < 6; item += 1) queue.push(item);
  await queue.drain();
  expect(done).toEqual([1, 3, 5]);
  expect(errors.map(String)).toEqual(['Error: item 0', 'Error: item 2', 'Error: item 4']);
});

test('what comes too fast is dropped and counted; what waited longest is done', async () => {
  const { queue, done, drops } = setUp({ limits: { waiting: 3 } });
  for (let item = 0; item < 5; item += 1) queue.push(item);
  await queue.drain();
  expect(done).toEqual([0, 1, 2]);
  expect(drops).toEqual([1, 2]);
  expect(queue.dropped()).toBe(2);
});

test('a portion ends after its time, and others have their turn before the next', async () => {
  const { queue, done } = setUp({ costMs: 1, limits: { portionMs: 3, burstMs: 1_000 } });
  const seen: number[] = [];
  queue.push(0);
  await queue.drain();
  for (let item = 1; item <= 9; item += 1) queue.push(item);
  while (done.length < 10) {
    await nextTurn();
    seen.push(done.length);
  }
  const portions = seen.map((count, index) => count - (index === 0 ? 1 : (seen[index - 1] as number)));
  expect(Math.max(...portions)).toBe(3);
});

test('slow work waits until its time is paid back, however much there is to do', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate'] });
  try {
    const { queue, done, clock } = setUp({
      costMs: 10,
      limits: { portionMs: 2, share: 0.1, perItemMs: 0, burstMs: 10, waiting: 10_000 },
    });
    for (let item = 0; item < 5_000; item += 1) queue.push(item);
    const end = 60_000;
    while (clock.now < end) {
      clock.now += 1;
      await vi.advanceTimersByTimeAsync(1);
    }
    const share = (done.length * 10) / clock.now;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.11);
    queue.close();
  } finally {
    vi.useRealTimers();
  }
});

test('nothing is worked on before the preparation is through; where it fails, nothing ever is', async () => {
  let ready = (): void => undefined;
  const slow = setUp({
    prepare: () =>
      new Promise((resolve) => {
        ready = resolve;
      }),
  });
  slow.queue.push(1);
  await nextTurn();
  expect(slow.done).toEqual([]);
  ready();
  await slow.queue.drain();
  expect(slow.done).toEqual([1]);

  const broken = setUp({ prepare: () => Promise.reject(new Error('no rules')) });
  broken.queue.push(1);
  await broken.queue.drain();
  broken.queue.push(2);
  await broken.queue.drain();
  expect(broken.done).toEqual([]);
  expect(broken.errors.map(String)).toEqual(['Error: no rules']);
});

test('nothing is prepared for nothing, and nothing is taken after the end', async () => {
  const prepare = vi.fn(async () => undefined);
  const { queue, done } = setUp({ prepare });
  await queue.drain();
  expect(prepare).not.toHaveBeenCalled();
  queue.close();
  queue.push(1);
  await queue.drain();
  expect(done).toEqual([]);
});

test('every item is done once or counted as dropped, whatever the order of taking and working', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }), async (bursts) => {
      const { queue, done } = setUp({ limits: { waiting: 20 } });
      let item = 0;
      for (const burst of bursts) {
        for (let count = 0; count < burst; count += 1) queue.push((item += 1));
        if (burst % 3 === 0) await queue.drain();
        else if (burst % 3 === 1) await nextTurn();
      }
      await queue.drain();
      expect(done.length + queue.dropped()).toBe(item);
      expect(done).toEqual(done.toSorted((one, other) => one - other));
      expect(new Set(done).size).toBe(done.length);
    }),
    { numRuns: 50 },
  );
});
