import { expect, test } from 'vitest';
import type { StoreReport, StoreStatus } from '../../../src/certs/trust/report.ts';
import { judgeClients, judgeTrust } from '../../../src/doctor/checks/trust.ts';
import { healthyFacts } from '../../helpers/doctor-facts.ts';

const store = (label: string, status: StoreStatus, why: string | null = null): StoreReport => ({
  id: label,
  kind: 'system',
  label,
  location: `/${label}`,
  status,
  changed: false,
  why,
  commands: [],
});

test.each<[string, readonly StoreStatus[], string]>([
  ['all trust it', ['trusted', 'trusted'], 'ok'],
  ['some do', ['trusted', 'not-trusted'], 'warn'],
  ['none does', ['not-trusted', 'not-trusted'], 'fail'],
  ['one cannot be asked', ['trusted', 'unusable'], 'ok'],
  ['none can be asked', ['unusable'], 'warn'],
])('T2, %s: %s is %s', (_case, statuses, expected) => {
  const trust = statuses.map((status, index) => store(`store${index}`, status));
  expect(judgeTrust(healthyFacts({ trust })).status).toBe(expected);
});

test('T2 names each store with its place and the reason', () => {
  const trust = [store('system', 'not-trusted'), store('nss', 'unusable', 'certutil is not installed')];
  expect(judgeTrust(healthyFacts({ trust }))).toMatchObject({
    evidence: ['system: does not trust it (/system)', 'nss: certutil is not installed (/nss)'],
    fix: 'jwt-dev trust',
    remedy: 'trust',
  });
});

test('T2 has nothing to look for without a CA', () => {
  expect(judgeTrust(healthyFacts({ trust: null })).status).toBe('skip');
});

test('T3 goes by what the clients did', () => {
  const client = (connected: boolean | null) => ({ id: 'curl', label: 'curl', connected, note: null });
  expect(judgeClients(healthyFacts()).status).toBe('skip');
  expect(judgeClients(healthyFacts({ clients: [client(true), client(null)] })).status).toBe('ok');
  expect(judgeClients(healthyFacts({ clients: [client(true), client(false)] })).status).toBe('fail');
  expect(judgeClients(healthyFacts({ clients: [client(null)] })).status).toBe('skip');
});
