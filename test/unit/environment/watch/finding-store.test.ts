import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFindingStore } from '../../../../src/environment/watch/finding-store.ts';
import type { Finding } from '../../../../src/verdicts/findings/types.ts';

const finding = (changes: Partial<Finding> = {}): Finding => ({
  code: 'JD102',
  evidence: 'first',
  subject: 'POST /auth/login/',
  host: 'api.example.com',
  exchanges: ['a'],
  at: 1_000,
  ...changes,
});

test('one finding is one entry, with its count, its times and what was seen last', () => {
  const store = createFindingStore();
  expect(store.add(finding())).toMatchObject({ count: 1, firstAt: 1_000, lastAt: 1_000 });
  expect(store.add(finding({ evidence: 'second', exchanges: ['b'], at: 3_000 }))).toMatchObject({ count: 2 });
  expect(store.list()).toEqual([
    {
      ...finding({ evidence: 'second', exchanges: ['b'], at: 3_000 }),
      count: 2,
      firstAt: 1_000,
      lastAt: 3_000,
    },
  ]);
});

test('another code, host or subject is another finding', () => {
  const store = createFindingStore();
  const others: Partial<Finding>[] = [{}, { code: 'JD101' }, { host: 'example.com' }, { subject: 'x' }];
  for (const other of others) expect(store.add(finding(other))?.count).toBe(1);
  expect(store.list()).toHaveLength(4);
});

test('a silenced code is none, and what is cleared is new again', () => {
  const store = createFindingStore(new Set(['JD101']));
  expect(store.add(finding({ code: 'JD101' }))).toBeUndefined();
  store.add(finding());
  store.clear();
  expect(store.list()).toEqual([]);
  expect(store.add(finding())?.count).toBe(1);
});

test('however many there are, as many as the store holds are kept, those that came last', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { maxLength: 200 }), (subjects) => {
      const store = createFindingStore(new Set(), 10);
      const order: string[] = [];
      for (const [at, subject] of subjects.map(String).entries()) {
        store.add(finding({ subject, at, exchanges: Array.from({ length: 50 }, (_, id) => `${at}-${id}`) }));
        if (order.includes(subject)) order.splice(order.indexOf(subject), 1);
        order.push(subject);
      }
      const kept = store.list();
      expect(kept.map(({ subject }) => subject).sort()).toEqual(order.slice(-10).sort());
      for (const { exchanges } of kept) expect(exchanges).toHaveLength(10);
    }),
  );
});
