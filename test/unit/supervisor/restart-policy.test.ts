import { describe, expect, test } from 'vitest';
import { asUnstartable, endingText, nextStep, type Run } from '../../../src/supervisor/restart-policy.ts';

const crash: Run = {
  ending: { kind: 'exit', code: 1 },
  livedMs: 100,
  listened: false,
  delayBeforeMs: null,
};

describe('a command that ends by itself', () => {
  test('is started again after 250 ms, doubling up to 10 s', () => {
    const delays: number[] = [];
    let delayBeforeMs: number | null = null;
    for (let run = 0; run < 8; run += 1) {
      const step = nextStep({ ...crash, delayBeforeMs });
      if (step.action === 'restart') {
        delayBeforeMs = step.delayMs;
        delays.push(step.delayMs);
      }
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  test('begins again with 250 ms after 10 s of life', () => {
    expect(nextStep({ ...crash, livedMs: 9_999, delayBeforeMs: 8000 })).toMatchObject({ delayMs: 10_000 });
    expect(nextStep({ ...crash, livedMs: 10_000, delayBeforeMs: 8000 })).toMatchObject({ delayMs: 250 });
  });

  test('with exit code 0 is started again only if it has served', () => {
    const done: Run = { ...crash, ending: { kind: 'exit', code: 0 } };
    expect(nextStep(done)).toEqual({ action: 'stop' });
    expect(nextStep({ ...done, listened: true })).toEqual({ action: 'restart', delayMs: 250 });
  });

  test('is started again after a signal and after the end of its guard', () => {
    expect(nextStep({ ...crash, ending: { kind: 'signal', signal: 'SIGSEGV' } })).toMatchObject({
      delayMs: 250,
    });
    expect(nextStep({ ...crash, ending: { kind: 'unguarded' } })).toMatchObject({ delayMs: 250 });
  });

  test('is tried every 10 s where it cannot be started at all', () => {
    const ending = { kind: 'unstartable', reason: 'x', hint: 'y' } as const;
    expect(nextStep({ ...crash, ending })).toEqual({ action: 'restart', delayMs: 10_000 });
  });
});

describe('what a shell answers for a missing program', () => {
  test.each([126, 127, 9009])('exit code %i means that it cannot be started', (code) => {
    expect(asUnstartable({ kind: 'exit', code }, true, false).kind).toBe('unstartable');
  });

  test.each([
    ['a program of its own list', 127, false, false],
    ['a server that has served', 127, true, true],
    ['another exit code', 1, true, false],
  ])('not for %s', (_what, code, viaShell, listened) => {
    expect(asUnstartable({ kind: 'exit', code }, viaShell, listened).kind).toBe('exit');
  });
});

test('an ending has a short text', () => {
  expect(endingText({ kind: 'exit', code: 3 })).toBe('exit code 3');
  expect(endingText({ kind: 'signal', signal: 'SIGKILL' })).toBe('SIGKILL');
});
