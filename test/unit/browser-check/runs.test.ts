import { expect, test } from 'vitest';
import { createCheckRuns } from '../../../src/browser-check/runs.ts';
import type { CheckProgress, CheckStep, CheckWish } from '../../../src/browser-check/types.ts';

const WISH: CheckWish = {
  login: { username: 'alice', password: 'pa55' },
  register: false,
  browserChecks: 'first',
};
const NEVER = new AbortController().signal;

function world() {
  let now = 0;
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `run-${ids}`;
  };
  const runs = createCheckRuns({ newId, clock: () => now });
  return {
    runs,
    wait: (ms: number): void => {
      now += ms;
    },
  };
}

const step = (id: string): CheckStep => ({ id, title: id, status: 'pass', detail: '', ms: 1 });
const progress = (done: boolean, ...ids: readonly string[]): CheckProgress => ({
  done,
  report: { browser: 'A browser', at: '2026-11-23T12:00:00.000Z', steps: ids.map(step) },
});

test('what a run is to do is handed out once', () => {
  const { runs } = world();
  const id = runs.open(WISH);
  expect(runs.take(id)).toEqual({ id, ...WISH });
  expect(runs.take(id)).toBeUndefined();
  expect(runs.take('another')).toBeUndefined();
});

test('a run is over after two minutes, for its page and for whoever asks', async () => {
  const { runs, wait } = world();
  const id = runs.open(WISH);
  wait(119_999);
  expect(await runs.read(id, 0, NEVER)).toEqual({ id, done: false, report: null });
  wait(1);
  expect(runs.take(id)).toBeUndefined();
  expect(runs.report(id, progress(true))).toBe(false);
  expect(await runs.read(id, 0, NEVER)).toBeUndefined();
});

test('of more runs than anybody has open, the oldest gives way', () => {
  const { runs } = world();
  const ids = Array.from({ length: 33 }, () => runs.open(WISH));
  expect(runs.take(ids[0] ?? '')).toBeUndefined();
  expect(runs.take(ids[1] ?? '')).toBeDefined();
  expect(runs.take(ids[32] ?? '')).toBeDefined();
});

test('whoever waits is told when the run is done, or when there are more steps than it knew', async () => {
  const { runs } = world();
  const id = runs.open(WISH);
  const atTheEnd = runs.read(id, 60_000, NEVER);
  const atTheNext = runs.read(id, 60_000, NEVER, 0);
  expect(runs.report(id, progress(false, 'one'))).toBe(true);
  expect((await atTheNext)?.report?.steps).toHaveLength(1);
  expect(await runs.read(id, 60_000, NEVER, 0)).toMatchObject({ done: false });
  expect(runs.report(id, progress(true, 'one', 'two'))).toBe(true);
  expect(await atTheEnd).toMatchObject({ done: true, report: progress(true, 'one', 'two').report });
  expect(await runs.read(id, 60_000, NEVER)).toMatchObject({ done: true });
});

test('after the last word nothing is taken any more', async () => {
  const { runs } = world();
  const id = runs.open(WISH);
  runs.report(id, progress(true, 'one'));
  expect(runs.report(id, progress(false, 'one', 'two'))).toBe(false);
  expect((await runs.read(id, 0, NEVER))?.report?.steps).toHaveLength(1);
});

test('whoever leaves waits no longer', async () => {
  const { runs } = world();
  const id = runs.open(WISH);
  const leave = new AbortController();
  const waiting = runs.read(id, 60_000, leave.signal);
  leave.abort();
  expect(await waiting).toEqual({ id, done: false, report: null });
});
