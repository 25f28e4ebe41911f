import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../../src/auth/passwords/limiter.ts';

describe('createLimiter', () => {
  it('runs at most so many at once, all of them, in the order of their calls', async () => {
    const limit = createLimiter(2);
    const started: number[] = [];
    const finish: (() => void)[] = [];
    const all = Promise.all(
      [0, 1, 2, 3, 4].map((number) =>
        limit(async () => {
          started.push(number);
          await new Promise<void>((resolve) => finish.push(resolve));
          return number;
        }),
      ),
    );
    let done = 0;
    while (done < 5) {
      await new Promise((resolve) => setImmediate(resolve));
      expect(started).toHaveLength(Math.min(5, done + 2));
      finish[done]?.();
      done += 1;
    }
    expect(await all).toEqual([0, 1, 2, 3, 4]);
    expect(started).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives the place back when the work fails', async () => {
    const limit = createLimiter(1);
    await expect(limit(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limit(async () => 'next')).toBe('next');
  });
});
