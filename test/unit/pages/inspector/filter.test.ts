import { expect, test } from 'vitest';
import {
  choicesOf,
  type Filter,
  filterRows,
  isFiltering,
  NO_FILTER,
} from '../../../../src/pages/inspector/model/filter.ts';
import { cannedRow, cannedRows } from '../../../helpers/inspector-canned.ts';

const rows = cannedRows(100);
const found = (change: Partial<Filter>): readonly number[] =>
  filterRows(rows, { ...NO_FILTER, ...change }).map(({ seq }) => seq);

test('no filter hands the rows on as they are', () => {
  expect(filterRows(rows, NO_FILTER)).toBe(rows);
  expect(isFiltering({ ...NO_FILTER, text: '  ' })).toBe(false);
});

test('all words must occur, in any case; those with a minus must not', () => {
  expect(found({ text: 'PAGE=10 -100' })).toEqual([10]);
  expect(found({ text: 'jd102 -example.com' })).toEqual([]);
  expect(found({ text: '-' })).toEqual(found({ text: 'module-' }));
});

test('a word finds hosts across the path, clients, states and codes', () => {
  expect(found({ text: 'example.com/assets' })).toEqual(found({ text: 'module' }));
  expect(found({ text: 'err_upstream' })).toHaveLength(9);
  expect(found({ text: 'websocket' })).toEqual([7, 57]);
});

test('each choice takes only its own', () => {
  for (const row of filterRows(rows, { ...NO_FILTER, method: 'POST', status: '2', host: 'example.com' }))
    expect(row).toMatchObject({ method: 'POST', host: 'example.com' });
  expect(found({ status: '0' })).toEqual(rows.filter(({ status }) => status === 0).map(({ seq }) => seq));
});

test('traits add up', () => {
  expect(found({ traits: ['findings'] })).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  const both = found({ traits: ['findings', 'errors'] });
  expect(both.every((seq) => found({ traits: ['errors'] }).includes(seq))).toBe(true);
  expect(found({ traits: ['cookies'] }).every((seq) => seq % 5 === 0)).toBe(true);
  expect(found({ traits: ['origins'] })).not.toContain(6);
});

test('choices are those that occur', () => {
  expect(choicesOf(rows, 'method')).toEqual(['GET', 'OPTIONS', 'POST']);
  expect(choicesOf([cannedRow(3)], 'host')).toEqual(['example.com']);
});
