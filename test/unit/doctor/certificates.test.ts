import { describe, expect, test } from 'vitest';
import type { IssueReason } from '../../../src/certs/plan.ts';
import { judgeChain, judgeClock, judgeConstraints } from '../../../src/doctor/checks/certificates.ts';
import type { CertificatesFacts } from '../../../src/doctor/facts/certificates.ts';
import { answered, healthyFacts, upstream } from '../../helpers/doctor-facts.ts';

function withCertificates(change: Partial<CertificatesFacts>) {
  const facts = healthyFacts();
  return { ...facts, certificates: { ...facts.certificates, ...change } };
}
const leafDue = (reason: IssueReason, file: string | null = null) => {
  const { leaf } = healthyFacts().certificates;
  return withCertificates({ leaf: { ...leaf, plan: { action: 'issue', reason, file } } });
};

describe('T1', () => {
  test('good certificates say their names and their end', () => {
    expect(judgeChain(healthyFacts())).toEqual({
      status: 'ok',
      evidence: ['example.com, api.example.com, valid until 2026-06-19'],
    });
  });
  test.each<[IssueReason, string, string | null]>([
    ['missing', 'warn', 'certificates'],
    ['expiring', 'warn', 'certificates'],
    ['names-changed', 'warn', 'certificates'],
    ['unreadable', 'fail', 'certificates'],
    ['key-mismatch', 'fail', 'certificates'],
    ['foreign', 'fail', 'certificates'],
    ['authority-changed', 'fail', 'certificates'],
    ['clock', 'fail', null],
  ])('%s: %s', (reason, status, remedy) => {
    const verdict = judgeChain(leafDue(reason, '/leaf.pem'));
    expect([verdict.status, verdict.remedy, verdict.fix]).toEqual([status, remedy, 'jwt-dev certs']);
    expect(verdict.evidence[0]).toMatch(/^The certificate .*: \/leaf\.pem$/);
  });
  test('one that has run out fails', () => {
    const facts = leafDue('expiring');
    const project = { ...facts.project, now: new Date('2026-07-01') };
    expect(judgeChain({ ...facts, project }).status).toBe('fail');
  });
  test('a key that others can read fails, and is mended without a new certificate', () => {
    const keys = [{ path: '/key.pem', uid: 1000, mode: 0o640 }];
    const facts = withCertificates({ keys });
    expect(judgeChain(facts)).toMatchObject({
      status: 'fail',
      evidence: ['/key.pem has mode 640'],
      remedy: 'certificates',
    });
    expect(judgeChain({ ...facts, project: { ...facts.project, platform: 'win32' } }).status).toBe('ok');
  });
  test('a certificate that is not for servers fails', () => {
    expect(judgeChain(withCertificates({ leafUsages: ['1.3.6.1.5.5.7.3.2'] }))).toMatchObject({
      status: 'fail',
      fix: 'jwt-dev certs --renew',
      remedy: null,
    });
  });
});

test('T6: a CA that may sign for other names fails', () => {
  expect(judgeConstraints(healthyFacts()).status).toBe('ok');
  expect(judgeConstraints(withCertificates({ constrainedTo: null })).status).toBe('fail');
  expect(judgeConstraints(withCertificates({ constrainedTo: 'other.test' })).status).toBe('fail');
  const facts = { defect: 'missing', file: '/root.pem' } as const;
  const authority = { facts, plan: { action: 'keep' } } as const;
  expect(judgeConstraints(withCertificates({ authority })).status).toBe('skip');
  expect(judgeConstraints(withCertificates({ authority: null })).status).toBe('skip');
});

describe('K9', () => {
  const answering = (date: string) => [upstream({ answer: answered({ headers: { date } }) })];
  test('a server whose clock is off is a warning with the figure', () => {
    const late = healthyFacts({ upstreams: answering('Mon, 01 Jun 2026 11:58:00 GMT') });
    expect(judgeClock(late)).toMatchObject({
      status: 'warn',
      evidence: [expect.anything(), 'example.com is 120 s behind this machine'],
    });
    expect(judgeClock(healthyFacts({ upstreams: answering('Mon, 01 Jun 2026 12:00:04 GMT') })).status).toBe(
      'ok',
    );
    expect(judgeClock(healthyFacts({ upstreams: answering('nonsense') })).status).toBe('ok');
  });
  test('a clock before the certificate, or before this program, fails', () => {
    const facts = healthyFacts();
    for (const now of ['2026-05-01', '1970-01-01']) {
      expect(judgeClock({ ...facts, project: { ...facts.project, now: new Date(now) } }).status).toBe('fail');
    }
  });
});
