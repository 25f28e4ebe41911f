import { expect, test } from 'vitest';
import { isError } from '../../../../src/pages/inspector/model/filter.ts';
import { byUrgency, mergeFinding } from '../../../../src/pages/inspector/model/findings.ts';
import { marksOf } from '../../../../src/pages/inspector/model/marks.ts';
import { cannedFinding, cannedRow } from '../../../helpers/inspector-canned.ts';

const texts = (change: Partial<Parameters<typeof marksOf>[0]>): readonly string[] =>
  marksOf({ ...cannedRow(1), cors: 'none', ...change }).map(({ text }) => text);

test('the most urgent comes first', () => {
  expect(
    texts({
      failure: 'ERR_X',
      findings: ['JD102'],
      cors: 'blocked',
      cookies: { sent: 1, stored: 2, deleted: 3, refused: 4 },
    }),
  ).toEqual(['ERR_X', 'JD102', 'CORS blocked', '4 refused', '2 stored', '3 deleted']);
});

test('a client that left is no error', () => {
  expect(texts({ failure: 'ERR_CLIENT_ABORTED' })).toEqual(['client left']);
  expect(isError({ status: 200, failure: 'ERR_CLIENT_ABORTED' })).toBe(false);
  expect(isError({ status: 0, failure: 'ERR_CLIENT_ABORTED' })).toBe(true);
});

test('an ordinary exchange has none', () => {
  expect(texts({})).toEqual([]);
});

test('each verdict of CORS is a word of its own, with a sentence', () => {
  const marks = (['allowed', 'blocked', 'preflight-allowed', 'preflight-blocked'] as const).flatMap((cors) =>
    marksOf({ ...cannedRow(1), cors }),
  );
  expect(new Set(marks.map(({ text }) => text)).size).toBe(4);
  expect(new Set(marks.map(({ title }) => title)).size).toBe(4);
});

test('a finding that comes again takes the place of the earlier one', () => {
  const known = [cannedFinding('a'), cannedFinding('b')];
  const merged = mergeFinding(known, { ...cannedFinding('a'), count: 10 });
  expect(merged.map(({ subject, count }) => [subject, count])).toEqual([
    ['b', 3],
    ['a', 10],
  ]);
});

test('errors stand above warnings, and the latest above older ones', () => {
  const warning = {
    ...cannedFinding('warning'),
    severity: 'warning',
    lastAt: '2027-01-01T00:00:00.000Z',
  } as const;
  const later = { ...cannedFinding('later'), lastAt: '2026-12-01T00:00:00.000Z' };
  expect(byUrgency([warning, cannedFinding('earlier'), later]).map(({ subject }) => subject)).toEqual([
    'later',
    'earlier',
    'warning',
  ]);
});
