import { expect, test } from 'vitest';
import { createRing, type Ring } from '../../../../src/environment/inspector/ring.ts';
import { exchangeOf } from '../../../helpers/watch-exchanges.ts';

function fill(ring: Ring, from: number, to: number): readonly (string | undefined)[] {
  const lost: (string | undefined)[] = [];
  for (let number = from; number <= to; number += 1) {
    const gone = ring.push(exchangeOf({ id: `x${number}` }));
    if (gone !== undefined) lost.push(gone.id);
  }
  return lost;
}

test('keeps the newest, and gives back what has to go', () => {
  const ring = createRing(3);
  expect([ring.first(), ring.last(), ring.kept()]).toEqual([1, 0, 0]);
  expect(fill(ring, 1, 3)).toEqual([]);
  expect(fill(ring, 4, 5)).toEqual(['x1', 'x2']);
  expect([ring.first(), ring.last(), ring.kept(), ring.dropped()]).toEqual([3, 5, 3, 2]);
  expect([2, 3, 5, 6].map((seq) => ring.get(seq)?.id)).toEqual([undefined, 'x3', 'x5', undefined]);
  expect(['x2', 'x3', 'x5'].map(ring.find)).toEqual([undefined, 3, 5]);
});

test('numbers are never used twice, also after it was cleared', () => {
  const ring = createRing(2);
  fill(ring, 1, 3);
  ring.clear();
  expect([ring.first(), ring.last(), ring.kept(), ring.dropped()]).toEqual([4, 3, 0, 0]);
  expect(ring.get(3)).toBeUndefined();
  expect(fill(ring, 4, 5)).toEqual([]);
  expect(ring.get(5)?.id).toBe('x5');
  expect(fill(ring, 6, 6)).toEqual(['x4']);
});

test('a capacity of one keeps the last', () => {
  const ring = createRing(1);
  expect(fill(ring, 1, 3)).toEqual(['x1', 'x2']);
  expect([ring.kept(), ring.get(3)?.id]).toEqual([1, 'x3']);
});
