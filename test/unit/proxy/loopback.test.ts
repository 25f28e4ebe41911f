import { expect, test } from 'vitest';
import { createLoopback } from '../../../src/proxy/loopback.ts';

function all(loopback: ReturnType<typeof createLoopback>): Promise<unknown> {
  return new Promise((resolve) =>
    loopback.lookup('localhost', { all: true }, (_error, found) => resolve(found)),
  );
}
const v4 = { address: '127.0.0.1', family: 4 };
const v6 = { address: '::1', family: 6 };

test('names both families, the one that answered last first', async () => {
  const loopback = createLoopback();
  expect(await all(loopback)).toEqual([v4, v6]);
  loopback.remember('::1');
  expect(await all(loopback)).toEqual([v6, v4]);
  loopback.remember('127.0.0.1');
  expect(await all(loopback)).toEqual([v4, v6]);
});

test('keeps what it knows where a connection failed', async () => {
  const loopback = createLoopback();
  loopback.remember('::1');
  loopback.remember(undefined);
  expect(await all(loopback)).toEqual([v6, v4]);
});

test('gives one address where one is asked for', async () => {
  const loopback = createLoopback();
  loopback.remember('::1');
  const found = await new Promise((resolve) =>
    loopback.lookup('localhost', {}, (_error, address, family) => resolve([address, family])),
  );
  expect(found).toEqual(['::1', 6]);
});

test('knows that only ::1 answers', () => {
  const loopback = createLoopback();
  expect(loopback.isOnlyV6()).toBe(false);
  loopback.remember('::1');
  expect(loopback.isOnlyV6()).toBe(true);
  loopback.remember(undefined);
  expect(loopback.isOnlyV6()).toBe(true);
  loopback.remember('127.0.0.1');
  expect(loopback.isOnlyV6()).toBe(false);
});
