import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexOfSeq, markRows, mergeRows, unmarkRows } from '../../../../src/pages/inspector/model/rows.ts';
import { cannedRow, cannedRows } from '../../../helpers/inspector-canned.ts';

test('however the rows come in, each is there once, in order, and the oldest go', () => {
  const seqs = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
  const capacity = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(seqs, seqs, capacity, (first, second, capacity) => {
      const known = mergeRows([], first.toSorted((a, b) => a - b).map(cannedRow), 100);
      const merged = mergeRows(known, second.map(cannedRow), capacity).map(({ seq }) => seq);
      const all = [...new Set([...first, ...second])].toSorted((a, b) => a - b);
      expect(merged).toEqual(second.length === 0 ? first.toSorted((a, b) => a - b) : all.slice(-capacity));
    }),
  );
});

test('nothing new changes nothing', () => {
  const rows = cannedRows(3);
  expect(mergeRows(rows, [], 2)).toBe(rows);
});

test('a number that is gone leads to the next one', () => {
  const rows = [2, 4, 6].map(cannedRow);
  expect([1, 2, 3, 6, 7].map((seq) => indexOfSeq(rows, seq))).toEqual([0, 0, 1, 2, 3]);
});

test('a finding marks its exchanges, once', () => {
  const rows = cannedRows(3);
  const finding = { code: 'JD450', exchanges: ['x2', 'x9'] } as const;
  const marked = markRows(rows, finding);
  expect(marked.map(({ findings }) => findings)).toEqual([[], ['JD450'], []]);
  expect(markRows(marked, finding)).toBe(marked);
  expect(unmarkRows(marked)).toEqual(rows);
});
