import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AUTHORITY_RENEW_BEFORE_MS,
  LEAF_RENEW_BEFORE_MS,
  SELF_SIGNED_RENEW_BEFORE_MS,
} from '../../../src/certs/constants.ts';
import type { CertificateFacts, MaterialDefect } from '../../../src/certs/facts.ts';
import { planAuthority, planLeaf, planSelfSigned, renewalDate } from '../../../src/certs/plan.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const NAMES = ['example.com', 'api.example.com'];

function facts(overrides: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    names: NAMES,
    subject: 'CN=example.com',
    notBefore: new Date('2026-11-01T00:00:00Z'),
    notAfter: new Date('2031-11-01T00:00:00Z'),
    fingerprint256: 'AA:BB',
    serialNumber: '40',
    isAuthority: false,
    ...overrides,
  };
}

const leaf = (overrides: Partial<CertificateFacts> = {}) => ({ defect: null, leaf: facts(overrides) });
const authority = (overrides: Partial<CertificateFacts> = {}) => ({
  defect: null,
  root: facts(),
  intermediate: facts(overrides),
});

test('good certificates are kept', () => {
  expect(planLeaf(leaf(), NAMES, NOW, false)).toEqual({ action: 'keep' });
  expect(planSelfSigned(leaf(), NAMES, NOW, false)).toEqual({ action: 'keep' });
  expect(planAuthority(authority(), NOW, false)).toEqual({ action: 'keep' });
});

test.each<MaterialDefect>(['missing', 'unreadable', 'key-mismatch', 'foreign', 'authority-changed'])(
  'a defect is named with its file: %s',
  (defect) => {
    const plan = { action: 'issue', reason: defect, file: '/x.pem' };
    expect(planLeaf({ defect, file: '/x.pem' }, NAMES, NOW, false)).toEqual(plan);
    expect(planAuthority({ defect, file: '/x.pem' }, NOW, false)).toEqual(plan);
  },
);

test('the order of names does not matter, but each name does', () => {
  expect(planLeaf(leaf(), NAMES.toReversed(), NOW, false).action).toBe('keep');
  const changed = { action: 'issue', reason: 'names-changed', file: null };
  expect(planLeaf(leaf(), ['example.com'], NOW, false)).toEqual(changed);
  expect(planLeaf(leaf(), [...NAMES, 'app.example.com'], NOW, false)).toEqual(changed);
  expect(planLeaf(leaf(), ['example.com', 'app.example.com'], NOW, false)).toEqual(changed);
});

test('a certificate from the future names the clock', () => {
  const notBefore = new Date(NOW.getTime() + 1000);
  expect(planLeaf(leaf({ notBefore }), NAMES, NOW, false)).toMatchObject({ reason: 'clock' });
  expect(planAuthority(authority({ notBefore }), NOW, false)).toMatchObject({ reason: 'clock' });
});

test('what the user asks for is made, but what is missing is called missing', () => {
  expect(planLeaf(leaf(), NAMES, NOW, true)).toMatchObject({ reason: 'requested' });
  expect(planAuthority(authority(), NOW, true)).toMatchObject({ reason: 'requested' });
  expect(planLeaf({ defect: 'missing', file: '/x' }, NAMES, NOW, true)).toMatchObject({ reason: 'missing' });
});

test('each certificate is due at its own time before its end, and never before', () => {
  fc.assert(
    fc.property(fc.integer({ min: -400, max: 4000 }), (hours) => {
      const notAfter = new Date(NOW.getTime() + hours * 3_600_000);
      const left = notAfter.getTime() - NOW.getTime();
      const action = (before: number) => (left <= before ? 'issue' : 'keep');
      expect(planLeaf(leaf({ notAfter }), NAMES, NOW, false).action).toBe(action(LEAF_RENEW_BEFORE_MS));
      expect(planSelfSigned(leaf({ notAfter }), NAMES, NOW, false).action).toBe(
        action(SELF_SIGNED_RENEW_BEFORE_MS),
      );
      expect(planAuthority(authority({ notAfter }), NOW, false).action).toBe(
        action(AUTHORITY_RENEW_BEFORE_MS),
      );
    }),
  );
});

test('the renewal date is the first moment at which the plan says issue', () => {
  for (const [mode, plan] of [
    ['ca', planLeaf],
    ['self-signed', planSelfSigned],
  ] as const) {
    const due = renewalDate(facts(), mode);
    expect(plan(leaf(), NAMES, due, false)).toMatchObject({ reason: 'expiring' });
    expect(plan(leaf(), NAMES, new Date(due.getTime() - 1), false).action).toBe('keep');
  }
});

test('an authority that is about to run out is replaced while it still covers a whole leaf', () => {
  expect(AUTHORITY_RENEW_BEFORE_MS).toBeGreaterThanOrEqual(30 * 24 * 3_600_000);
});
