import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAnswerDeadline, type Waiting } from '../../../src/proxy/answer-deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function waiting(onOverdue: () => void = vi.fn<() => void>()): Waiting {
  return { since: 0, place: -1, onOverdue };
}

describe('The deadline for answers', () => {
  test('tells who has waited too long, once, and nobody before', () => {
    const deadline = createAnswerDeadline(10_000);
    const one = waiting();
    deadline.start(one);
    vi.advanceTimersByTime(9_999);
    expect(one.onOverdue).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_001);
    expect(one.onOverdue).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    expect(one.onOverdue).toHaveBeenCalledTimes(1);
  });

  test('leaves alone whose answer came, whatever order they go in', () => {
    const deadline = createAnswerDeadline(10_000);
    const all = Array.from({ length: 6 }, () => waiting());
    for (const one of all) deadline.start(one);
    for (const at of [5, 0, 3, 3]) deadline.stop(all[at] as Waiting);
    vi.advanceTimersByTime(11_000);
    const told = all.map(({ onOverdue }) => vi.mocked(onOverdue).mock.calls.length);
    expect(told).toEqual([0, 1, 1, 0, 1, 0]);
  });

  test('counts anew from an interim answer on', () => {
    const deadline = createAnswerDeadline(10_000);
    const one = waiting();
    deadline.start(one);
    vi.advanceTimersByTime(8_000);
    deadline.start(one);
    vi.advanceTimersByTime(9_000);
    expect(one.onOverdue).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2_000);
    expect(one.onOverdue).toHaveBeenCalledTimes(1);
  });

  test('stands it when the one that is told begins and ends waits', () => {
    const deadline = createAnswerDeadline(10_000);
    const late = waiting();
    const other = waiting();
    const one = waiting(() => {
      deadline.stop(other);
      deadline.start(late);
    });
    deadline.start(one);
    deadline.start(other);
    vi.advanceTimersByTime(11_000);
    expect([one.place, other.place, late.place]).toEqual([-1, -1, 0]);
    vi.advanceTimersByTime(11_000);
    expect(other.onOverdue).not.toHaveBeenCalled();
    expect(late.onOverdue).toHaveBeenCalledTimes(1);
  });

  test('has no timer when nobody waits', () => {
    const deadline = createAnswerDeadline(10_000);
    const one = waiting();
    expect(vi.getTimerCount()).toBe(0);
    deadline.start(one);
    deadline.stop(one);
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
