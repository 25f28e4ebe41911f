import { expect, test } from 'vitest';
import { proveInstance } from '../../../src/control/identity.ts';
import { judgeReach } from '../../../src/doctor/checks/reach.ts';
import { type ReachFact, recognise } from '../../../src/doctor/facts/reach.ts';
import { answered, healthyFacts } from '../../helpers/doctor-facts.ts';

const expected = { nonce: 'a-nonce-of-16-and-more', secret: 'the secret', leafFingerprint256: 'AA' };
const proof = (nonce: string, secret: string) => JSON.stringify({ proof: proveInstance(nonce, secret) });

test.each([
  ['ours', answered({ body: proof(expected.nonce, expected.secret), fingerprint256: 'AA' })],
  ['intercepted', answered({ body: proof(expected.nonce, expected.secret), fingerprint256: 'BB' })],
  ['another', answered({ body: proof('an earlier nonce', expected.secret), fingerprint256: 'AA' })],
  ['another', answered({ body: proof(expected.nonce, 'a secret of another environment') })],
  ['another', answered({ body: '<!doctype html>', status: 404, headers: { server: 'nginx' } })],
  ['another', answered({ body: 'null' })],
  ['silent', { kind: 'silent', why: 'ECONNREFUSED' } as const],
] as const)('%s', (outcome, answer) => {
  expect(recognise(answer, expected).outcome).toBe(outcome);
});

const fact = (hostname: string, by: string, outcome: ReachFact['outcome']): ReachFact => ({
  hostname,
  by,
  outcome,
  detail: outcome,
});

test('without a running environment there is nothing to prove', () => {
  expect(judgeReach(healthyFacts())).toMatchObject({
    status: 'skip',
    evidence: ['nothing runs; start it: jwt-dev up'],
  });
});

test('one dead family is no harm, a name that is nowhere is', () => {
  const ours = fact('example.com', '127.0.0.1', 'ours');
  expect(judgeReach(healthyFacts({ reach: [ours, fact('example.com', '::1', 'silent')] })).status).toBe('ok');
  expect(judgeReach(healthyFacts({ reach: [ours, fact('api.example.com', '::1', 'silent')] })).status).toBe(
    'fail',
  );
});

test('another server fails, whatever the other addresses say', () => {
  const reach = [fact('example.com', '127.0.0.1', 'ours'), fact('example.com', '10.0.0.1', 'another')];
  expect(judgeReach(healthyFacts({ reach }))).toMatchObject({
    status: 'fail',
    evidence: ['example.com by 127.0.0.1: ours', 'example.com by 10.0.0.1: another'],
  });
});

test('a certificate that is not ours on the way is a warning', () => {
  expect(judgeReach(healthyFacts({ reach: [fact('example.com', '::1', 'intercepted')] })).status).toBe(
    'warn',
  );
});
