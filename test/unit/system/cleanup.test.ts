import { expect, test } from 'vitest';
import { createCleanup } from '../../../src/system/cleanup.ts';

test('closes in reverse, all of it, each once, and tells of failures at the end', async () => {
  const cleanup = createCleanup();
  const order: string[] = [];
  cleanup.add(() => void order.push('first'));
  cleanup.add(() => Promise.reject(new Error('stuck')));
  cleanup.add(() => void order.push('last'));
  await expect(cleanup.run()).rejects.toThrow(AggregateError);
  expect(order).toEqual(['last', 'first']);
  await cleanup.run();
  expect(order).toEqual(['last', 'first']);
});
