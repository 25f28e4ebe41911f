import { describe, expect, test } from 'vitest';
import {
  judgeDomain,
  judgeElsewhere,
  judgeLoopback,
  judgeSameSite,
  judgeSpaces,
} from '../../../src/doctor/checks/names.ts';
import { configOf, HOSTS_IN_PLACE, healthyFacts, runningInstance } from '../../helpers/doctor-facts.ts';

const named = (example: readonly string[], api: readonly string[]) =>
  healthyFacts({
    names: [
      { hostname: 'example.com', addresses: example, error: example.length === 0 ? 'ENOTFOUND' : null },
      { hostname: 'api.example.com', addresses: api, error: api.length === 0 ? 'EAI_AGAIN' : null },
    ],
  });
const missing = (facts: ReturnType<typeof healthyFacts>) => ({
  ...facts,
  hosts: { ...facts.hosts, report: { ...HOSTS_IN_PLACE, changed: true } },
});

describe('N1', () => {
  test('one loopback family is enough', () => {
    expect(judgeLoopback(named(['127.0.0.1'], ['::1'])).status).toBe('ok');
  });
  test('names the one that does not resolve, with the resolver’s code and the command', () => {
    const verdict = judgeLoopback(missing(named(['127.0.0.1'], [])));
    expect(verdict).toMatchObject({
      status: 'fail',
      evidence: ['api.example.com does not resolve (EAI_AGAIN)'],
      fix: 'jwt-dev hosts --apply',
      remedy: 'hosts',
    });
  });
  test('a hosts file that has the lines already is not offered as the remedy', () => {
    const verdict = judgeLoopback(named([], []));
    expect(verdict.status).toBe('fail');
    expect(verdict.remedy).toBeUndefined();
    expect(verdict.fix).toContain('nsswitch');
  });
  test('an address that the configuration names is ours', () => {
    const facts = named(['192.168.1.5'], ['192.168.1.5']);
    const config = configOf({ hosts: { addresses: ['192.168.1.5'] } });
    expect(judgeLoopback({ ...facts, project: { ...facts.project, config } }).status).toBe('ok');
  });
  test('rootless clients resolve nothing', () => {
    const facts = named([], []);
    const running = runningInstance({ mode: 'rootless', proxy: 'http://127.0.0.1:5001' });
    expect(judgeLoopback({ ...facts, instances: { ...facts.instances, running } }).status).toBe('skip');
  });
});

describe('N2', () => {
  test('a left-over AAAA record of the real site fails, and is called public', () => {
    expect(judgeElsewhere(named(['127.0.0.1', '2606:2800:220:1::1'], ['127.0.0.1']))).toMatchObject({
      status: 'fail',
      evidence: ['example.com resolves to 2606:2800:220:1::1, a public address'],
    });
  });
  test('nothing to say where nothing resolves', () => {
    expect(judgeElsewhere(named([], [])).status).toBe('skip');
    expect(judgeElsewhere(named(['::1'], [])).status).toBe('ok');
  });
});

test('N3 warns where the page and the API are in different address spaces', () => {
  expect(judgeSpaces(named(['127.0.0.1'], ['::1'])).status).toBe('ok');
  expect(judgeSpaces(named(['93.184.216.34'], ['127.0.0.1']))).toMatchObject({
    status: 'warn',
    evidence: ['example.com: public', 'api.example.com: loopback'],
  });
  expect(judgeSpaces(named(['127.0.0.1'], [])).status).toBe('skip');
});

test('N9 warns about domains that belong to somebody or to a protocol', () => {
  expect(judgeDomain(healthyFacts()).status).toBe('ok');
  for (const host of ['mine.dev', 'printer.local', 'google.com']) {
    const verdict = judgeDomain(healthyFacts({}, { frontend: { host } }));
    expect([verdict.status, verdict.evidence[0]]).toEqual(['warn', expect.stringContaining(host)]);
  }
});

test('N10 goes by the Public Suffix List', () => {
  const facts = healthyFacts();
  expect(judgeSameSite(facts).status).toBe('ok');
  const hostnames = ['example.com', 'app.github.io'];
  expect(judgeSameSite({ project: { ...facts.project, hostnames } })).toMatchObject({
    status: 'fail',
    evidence: ['app.github.io belongs to app.github.io'],
  });
});
