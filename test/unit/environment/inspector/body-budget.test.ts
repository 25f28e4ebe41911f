import { expect, test } from 'vitest';
import { createBodyBudget } from '../../../../src/environment/inspector/body-budget.ts';
import { bodyStart } from '../../../helpers/body-start.ts';
import { exchangeOf } from '../../../helpers/watch-exchanges.ts';

test('the oldest bodies lose theirs when there are too many bytes, never more than has to go', () => {
  const budget = createBodyBudget(10);
  const bodies = ['aaaa', 'bbbb', 'cc', 'dddd'].map((text) => bodyStart(text));
  const [a, b, c, d] = bodies;
  budget.add(exchangeOf({ requestBody: a ?? null, responseBody: b ?? null }));
  budget.add(exchangeOf({ requestBody: c ?? null }));
  expect(bodies.map(({ kept }) => kept)).toEqual([4, 4, 2, 4]);
  budget.add(exchangeOf({ responseBody: d ?? null }));
  expect(bodies.map(({ kept, size }) => [kept, size])).toEqual([
    [0, 4],
    [4, 4],
    [2, 2],
    [4, 4],
  ]);
});

test('it goes on for as long as there are bodies', () => {
  const budget = createBodyBudget(100);
  const bodies = Array.from({ length: 5_000 }, () => bodyStart('0123456789'));
  for (const responseBody of bodies) budget.add(exchangeOf({ responseBody }));
  expect(bodies.map(({ kept }) => kept).reduce((sum, kept) => sum + kept)).toBe(100);
  expect(bodies.slice(-10).every(({ kept }) => kept === 10)).toBe(true);
});
