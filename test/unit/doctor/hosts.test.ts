import { expect, test } from 'vitest';
import { judgeContainer, judgeHostsFile, judgeWindowsHosts } from '../../../src/doctor/checks/hosts.ts';
import { findCommentedOut } from '../../../src/doctor/facts/hosts.ts';
import { JwtDevError } from '../../../src/errors.ts';
import type { HostsReport } from '../../../src/hosts/request.ts';
import { HOSTS_IN_PLACE, healthyFacts } from '../../helpers/doctor-facts.ts';

function withReport(report: Partial<HostsReport> | JwtDevError, commentedOut: readonly number[] = []) {
  const facts = healthyFacts();
  const found = report instanceof JwtDevError ? report : { ...HOSTS_IN_PLACE, ...report };
  return { ...facts, hosts: { ...facts.hosts, report: found, commentedOut } };
}

test('a file with every line is fine', () => {
  expect(judgeHostsFile(healthyFacts()).status).toBe('ok');
});

test('missing lines fail, surplus ones only warn', () => {
  const entry = { address: '127.0.0.1', hostname: 'example.com' };
  expect(
    judgeHostsFile(withReport({ changed: true, changes: [{ kind: 'add', ...entry }] }, [7])),
  ).toMatchObject({
    status: 'fail',
    evidence: [
      '/etc/hosts lacks: 127.0.0.1 example.com',
      'line 7 names one of ours, but is commented out',
      'changing it needs administrator rights',
    ],
    remedy: 'hosts',
  });
  expect(judgeHostsFile(withReport({ changed: true, changes: [{ kind: 'remove', ...entry }] })).status).toBe(
    'warn',
  );
});

test('a line that maps our name elsewhere is named, and the block of another project is not forced', () => {
  const conflict = { line: 3, hostname: 'example.com', found: '10.0.0.1', block: null };
  expect(judgeHostsFile(withReport({ conflicts: [conflict] }))).toMatchObject({
    status: 'fail',
    evidence: ['/etc/hosts, line 3 maps example.com to 10.0.0.1'],
    fix: 'jwt-dev hosts --apply --force',
  });
  const fix = judgeHostsFile(withReport({ conflicts: [{ ...conflict, block: 'shop' }] })).fix;
  expect(fix).toBe('In the other project: jwt-dev hosts --remove');
});

test('a file that cannot be edited says why and how to mend it', () => {
  const error = new JwtDevError('ERR_HOSTS_MALFORMED', 'broken', { details: ['line 2 …'], hint: 'mend it' });
  expect(judgeHostsFile(withReport(error))).toMatchObject({
    status: 'fail',
    evidence: ['broken', 'line 2 …'],
    fix: 'mend it',
  });
});

test('N5 only speaks under WSL', () => {
  const facts = healthyFacts();
  expect(judgeWindowsHosts(facts).status).toBe('skip');
  const wsl = { ...facts, surroundings: { isWsl: true, windows: null, container: null } };
  expect(judgeWindowsHosts(wsl).evidence[0]).toContain('not known');
  const file = '/mnt/c/Windows/System32/drivers/etc/hosts';
  const windows = { ...facts.hosts, file };
  expect(judgeWindowsHosts({ ...wsl, surroundings: { ...wsl.surroundings, windows } })).toMatchObject({
    status: 'ok',
    evidence: [`${file} has every line`],
  });
});

test('N6 tells what a container needs', () => {
  const facts = healthyFacts({ surroundings: { isWsl: false, windows: null, container: '/.dockerenv' } });
  expect(judgeContainer(facts).evidence[1]).toContain('--add-host api.example.com:host-gateway');
});

test.each([
  ['# 127.0.0.1 example.com', [1]],
  ['127.0.0.1 example.com # ::1 example.com', []],
  ['\n  ## ::1\tAPI.example.com other', [2]],
  ['# see example.com for more', []],
  ['# 127.0.0.1 other.example.com', []],
  ['# 127.0.0.1 # example.com', []],
  ['#127.0.0.1 x example.com\r\n', [1]],
])('commented-out lines in %j: %j', (text, lines) => {
  expect(findCommentedOut(text, new Set(['example.com', 'api.example.com']))).toEqual(lines);
});
