import { describe, expect, it } from 'vitest';
import { tableOrder } from '../../../../src/verdicts/cors/header-order.ts';

// Orders as Chromium 156 put the headers on the wire.
describe('the order of headers in Chromium', () => {
  it.each([
    [['x-a', 'authorization'], 'authorization x-a'],
    [['content-type', 'x-csrftoken'], 'x-csrftoken content-type'],
    [['x-b', 'x-a', 'authorization', 'content-type'], 'authorization x-a content-type x-b'],
  ])('of %j is %s', (names, order) => {
    expect(tableOrder(names, true).join(' ')).toBe(order);
  });

  it('holds for many headers, where some want the same place', () => {
    const names = ['1', '2', '3', '-b', '-d', '-c', '-a'].map((end) => `x-test-header${end}`);
    const others = ['content-type', 'accept', 'accept-language', 'content-language'];
    const order = tableOrder([...names, ...others], true).filter((name) => !name.startsWith('accept'));
    expect(order).toEqual([
      'x-test-header1',
      'x-test-header3',
      'x-test-header-a',
      'x-test-header-d',
      'x-test-header-b',
      'x-test-header2',
      'content-language',
      'content-type',
      'x-test-header-c',
    ]);
  });

  it('depends on the hints that go to trustworthy targets, for they make the table grow', () => {
    const names = ['content-type', 'x-csrftoken'];
    expect(tableOrder(names, true).join(' ')).toBe('x-csrftoken content-type');
    expect(tableOrder(names, false).join(' ')).toBe('content-type x-csrftoken');
  });

  it('is that of the smaller table, where names wanted the same place before it grew', () => {
    const names = ['accept', 'cache-control', 'tracestate', 'x-xsrf-token'];
    expect(tableOrder(names, true).filter((name) => name !== 'accept')[0]).toBe('x-xsrf-token');
  });

  it('keeps every name, however long or short', () => {
    const names = ['', 'a', 'ab', 'a'.repeat(9), 'b'.repeat(17), 'c'.repeat(30), 'd'.repeat(200)];
    expect(tableOrder(names, true).toSorted()).toEqual(names.toSorted());
  });
});
