import { expect, test } from 'vitest';
import { formatVerify } from '../../../src/commands/verify-report.ts';
import { fromCheck } from '../../../src/environment/verify/convert.ts';

const output = { style: (_: string, text: string) => text };

test('a finding whose head says all has no empty reason', () => {
  const findings = fromCheck({
    id: 'K1',
    title: 'The login sets both cookies',
    status: 'fail',
    severity: 'error',
    evidence: ['POST /auth/login/: 400'],
    cause: 'Nobody was logged in.',
    fix: 'Check --login user:password',
    remedy: null,
    docs: 'README.md',
  });
  expect(formatVerify({ ok: false, clients: [], findings }, { output }).split('\n').slice(0, 5)).toEqual([
    '',
    'error: K1 nobody was logged in  (seen by doctor K1)',
    '  POST /auth/login/: 400',
    '  Fix (terminal): Check --login user:password',
    '',
  ]);
});
