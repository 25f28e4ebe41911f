import { describe, expect, it } from 'vitest';
import { decideRotation, type RotationFacts } from '../../../../src/auth/store/rotation.ts';

const NOW = 100_000;
const FRESH: RotationFacts = {
  presented: { rotatedAt: null, deniedAt: null },
  familyRevoked: false,
  headUsable: true,
};
const USED: RotationFacts = { ...FRESH, presented: { rotatedAt: NOW - 5000, deniedAt: null } };
const GRACE = { reuse: 'grace', graceMs: 10_000, now: NOW } as const;

describe('decideRotation', () => {
  it.each(['strict', 'grace', 'revoke-family'] as const)(
    'rotates a token that was not used, policy %s',
    (reuse) => {
      expect(decideRotation(FRESH, { ...GRACE, reuse })).toBe('rotate');
      expect(decideRotation({ ...FRESH, presented: undefined }, { ...GRACE, reuse })).toBe('rotate');
    },
  );

  it.each([
    ['strict', 'refuse'],
    ['grace', 'follow'],
    ['revoke-family', 'revoke'],
  ] as const)('with policy %s leads a used token to: %s', (reuse, decision) => {
    expect(decideRotation(USED, { ...GRACE, reuse })).toBe(decision);
  });

  it('follows only within the grace time, and only to a head that may be used', () => {
    expect(decideRotation(USED, { ...GRACE, graceMs: 5001 })).toBe('follow');
    expect(decideRotation(USED, { ...GRACE, graceMs: 5000 })).toBe('refuse');
    expect(decideRotation({ ...USED, headUsable: false }, GRACE)).toBe('refuse');
  });

  it.each(['strict', 'grace', 'revoke-family'] as const)('refuses what was denied, policy %s', (reuse) => {
    const denied = { rotatedAt: null, deniedAt: NOW - 1 };
    expect(decideRotation({ ...FRESH, presented: denied }, { ...GRACE, reuse })).toBe('refuse');
    expect(decideRotation({ ...USED, familyRevoked: true }, { ...GRACE, reuse })).toBe('refuse');
  });
});
