import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAtEnd, scrollTo, windowOf } from '../../../../src/pages/inspector/model/window.ts';

const viewport = fc.record({
  scrollTop: fc.nat(400_000),
  height: fc.integer({ min: 1, max: 2000 }),
  rowHeight: fc.integer({ min: 20, max: 60 }),
  count: fc.nat(12_000),
});

test('every visible line is drawn, and few others', () => {
  fc.assert(
    fc.property(viewport, (seen) => {
      const { start, end } = windowOf(seen);
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(seen.count);
      expect(start).toBeLessThanOrEqual(end);
      const first = Math.floor(seen.scrollTop / seen.rowHeight);
      const last = Math.min(seen.count, Math.ceil((seen.scrollTop + seen.height) / seen.rowHeight));
      if (first < last) {
        expect(start).toBeLessThanOrEqual(first);
        expect(end).toBeGreaterThanOrEqual(last);
      }
      expect(end - start).toBeLessThanOrEqual(Math.ceil(seen.height / seen.rowHeight) + 26);
    }),
  );
});

test('a line is brought into sight by scrolling as little as possible', () => {
  fc.assert(
    fc.property(viewport, fc.nat(12_000), (seen, index) => {
      fc.pre(seen.height >= seen.rowHeight);
      const to = scrollTo(index, seen);
      const top = index * seen.rowHeight;
      expect(to).toBeLessThanOrEqual(top);
      expect(to + seen.height).toBeGreaterThanOrEqual(top + seen.rowHeight);
      const wasVisible = top >= seen.scrollTop && top + seen.rowHeight <= seen.scrollTop + seen.height;
      if (wasVisible) expect(to).toBe(seen.scrollTop);
    }),
  );
});

test('within the last line one is at the end', () => {
  const seen = { height: 100, rowHeight: 20, count: 50 };
  expect(isAtEnd({ ...seen, scrollTop: 900 })).toBe(true);
  expect(isAtEnd({ ...seen, scrollTop: 880 })).toBe(true);
  expect(isAtEnd({ ...seen, scrollTop: 879 })).toBe(false);
  expect(isAtEnd({ ...seen, scrollTop: 0, count: 0 })).toBe(true);
});
