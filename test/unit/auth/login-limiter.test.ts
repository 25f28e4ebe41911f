import { describe, expect, it } from 'vitest';
import { createLoginLimiter } from '../../../src/auth/login-limiter.ts';

function limiterAt(limit: Parameters<typeof createLoginLimiter>[0]) {
  const time = { now: 1_000_000 };
  return { time, limiter: createLoginLimiter(limit, () => new Date(time.now)) };
}

const LIMIT = { perAccount: 3, perAddress: 5, windowSeconds: 60 };

describe('createLoginLimiter', () => {
  it('stops an account after its failures, and says for how long', () => {
    const { time, limiter } = limiterAt(LIMIT);
    for (let failure = 0; failure < 3; failure += 1) {
      expect(limiter.secondsToWait('ann', 'x')).toBe(0);
      limiter.recordFailure('ann', 'x');
      time.now += 1000;
    }
    expect(limiter.secondsToWait('ann', 'x')).toBe(57);
    expect(limiter.secondsToWait('bob', 'x')).toBe(0);
    time.now += 57_000;
    expect(limiter.secondsToWait('ann', 'x')).toBe(0);
  });

  it('stops an address that tries many accounts', () => {
    const { limiter } = limiterAt(LIMIT);
    for (let failure = 0; failure < 5; failure += 1) limiter.recordFailure(`user${failure}`, 'x');
    expect(limiter.secondsToWait('somebody', 'x')).toBeGreaterThan(0);
    expect(limiter.secondsToWait('somebody', 'y')).toBe(0);
  });

  it('forgets the failures of whoever gets in', () => {
    const { limiter } = limiterAt(LIMIT);
    for (let failure = 0; failure < 3; failure += 1) limiter.recordFailure('ann', 'x');
    limiter.forgive('ann');
    expect(limiter.secondsToWait('ann', 'x')).toBe(0);
  });

  it('does not lock for ever where the clock is set back', () => {
    const { time, limiter } = limiterAt(LIMIT);
    for (let failure = 0; failure < 3; failure += 1) limiter.recordFailure('ann', 'x');
    time.now -= 3_600_000;
    expect(limiter.secondsToWait('ann', 'x')).toBe(0);
  });

  it('limits nothing without a limit', () => {
    const { limiter } = limiterAt(null);
    for (let failure = 0; failure < 1000; failure += 1) limiter.recordFailure('ann', 'x');
    expect(limiter.secondsToWait('ann', 'x')).toBe(0);
  });
});
