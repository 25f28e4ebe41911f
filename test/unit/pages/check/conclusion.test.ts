import { expect, test } from 'vitest';
import { conclude } from '../../../../src/pages/check/conclusion.ts';
import { failAs } from '../../../../src/pages/check/outcome.ts';
import type { CheckStep } from '../../../../src/pages/check/types.ts';

const step = (title: string, status: CheckStep['status']): CheckStep => ({
  id: title,
  title,
  status,
  detail: '',
  ms: 1,
});

test('nothing failed: notes and what was skipped are no reason for doubt', () => {
  const steps = [step('a', 'pass'), step('b', 'info'), step('c', 'skip')];
  expect(conclude(steps, false)).toEqual({
    text: 'This browser does all that the pattern needs.',
    state: 'passed',
  });
  expect(conclude(steps, true).text).toContain('the whole cookie login went through');
});

test('what failed is named', () => {
  const steps = [step('Secure context', 'pass'), step('Web Locks', 'fail')];
  expect(conclude(steps, false)).toEqual({ text: 'One of 2 checks failed: Web Locks.', state: 'failed' });
  expect(conclude([...steps, step('Login', 'fail')], true).text).toBe(
    '2 of 3 checks failed: Web Locks, Login.',
  );
});

test('a failure that is a known finding says what to do with the hosts of this environment', () => {
  const settings = { frontend: 'https://shop.test:8443', api: 'https://api.shop.test:8443' };
  const outcome = failAs('JD101', 'cross-site', settings);
  expect(outcome).toMatchObject({ status: 'fail', detail: 'cross-site', code: 'JD101' });
  expect(outcome.fix).toContain('Fix (browser): Open https://shop.test:8443 instead');
  expect(failAs('JD301', '', settings).fix).toMatch(
    /does not trust the local CA.*Fix \(terminal\): jwt-dev trust/,
  );
  expect(failAs('JD405', '', settings, ['Django']).fix).toContain(
    "Fix (Django): REST_AUTH = {'SESSION_LOGIN': False}",
  );
});
