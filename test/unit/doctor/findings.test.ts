import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { defineCheck } from '../../../src/doctor/check.ts';
import { judgeRunning } from '../../../src/doctor/checks/running.ts';
import { judgeStale, judgeState } from '../../../src/doctor/checks/state.ts';
import { API_CHECKS, CHECKS, selectChecks } from '../../../src/doctor/examine.ts';
import type { Facts, Get } from '../../../src/doctor/facts/readers.ts';
import { planFixes } from '../../../src/doctor/fixes.ts';
import { countFindings, formatFindings } from '../../../src/doctor/format.ts';
import { type Finding, ok } from '../../../src/doctor/types.ts';
import { JwtDevError } from '../../../src/errors.ts';
import { healthyFacts, runningInstance } from '../../helpers/doctor-facts.ts';

const plain = { style: (_format: string, text: string) => text };
const getFrom =
  (facts: Facts): Get =>
  (kind) =>
    Promise.resolve(facts[kind]);
const examineFacts = (facts: Facts) => Promise.all(CHECKS.map((check) => check.run(getFrom(facts))));

test('the order of the findings is fixed', () => {
  expect(CHECKS.map(({ id }) => id).join(' ')).toBe(
    'R1 N1 N2 N3 N4 N5 N6 N7 N8 N9 N10 P1 P2 P3 P4 P5 P6 P7 P8 T1 T2 T3 T4 T5 T6 T7 K9 E1',
  );
});

test('on a machine where all is well nothing is wrong, and nothing is offered', async () => {
  const findings = await examineFacts(healthyFacts({ trust: [] }));
  const wrong = findings.filter(({ status }) => status === 'fail' || status === 'warn');
  expect(wrong.map(({ id }) => id)).toEqual(['T2']);
  expect(planFixes(findings)).toEqual({ safe: [], asking: [] });
});

test('every finding points to a heading that the README has', async () => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const anchors = [...readme.matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = '']) =>
      `README.md#${heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-')}`,
  );
  const api = await Promise.all(API_CHECKS.map((check) => check.run(getFrom(healthyFacts()))));
  for (const { docs } of [...(await examineFacts(healthyFacts())), ...api]) expect(anchors).toContain(docs);
});

describe('a check whose facts cannot be read', () => {
  const check = defineCheck({ id: 'X', title: 'x', docs: 'trouble', needs: ['names'], judge: () => ok() });
  const failing =
    (error: Error): Get =>
    async () => {
      throw error;
    };
  test('is a finding with the reason and the hint', async () => {
    const error = new JwtDevError('ERR_FILE_READ', 'Cannot read it', { hint: 'look there' });
    expect(await check.run(failing(error))).toMatchObject({
      status: 'fail',
      severity: 'error',
      evidence: ['Cannot read it'],
      fix: 'look there',
    });
    const errno = Object.assign(new Error('EMFILE: too many'), { code: 'EMFILE' });
    expect((await check.run(failing(errno))).status).toBe('fail');
  });
  test('is a mistake of ours where the error is one', async () => {
    await expect(check.run(failing(new TypeError('undefined is not')))).rejects.toThrow(TypeError);
  });
});

test('--only takes ids in any case and refuses others', () => {
  expect(selectChecks('t2, n1').map(({ id }) => id)).toEqual(['N1', 'T2']);
  expect(selectChecks(null)).toBe(CHECKS);
  for (const wrong of ['N99', 'N1,nonsense', '', ',']) {
    expect(() => selectChecks(wrong)).toThrowError(expect.objectContaining({ code: 'ERR_USAGE' }));
  }
});

test('what is asked of an API is asked only where one is named', () => {
  expect(selectChecks(null, true)).toBe(API_CHECKS);
  expect(selectChecks('k1,c2,t2', true).map(({ id }) => id)).toEqual(['T2', 'C2', 'K1']);
  expect(() => selectChecks('K1,C2')).toThrowError(
    expect.objectContaining({
      message: 'K1, C2 is asked of an API, and none was named',
      hint: 'jwt-dev doctor --only K1,C2 --api https://api.example.com',
    }),
  );
});

describe('R1', () => {
  const judge = (health: Facts['instances']['health'], running = runningInstance()) =>
    judgeRunning(healthyFacts({ instances: { name: 'default', running, health, stale: [] } }));
  test('goes by what the environment says of itself', () => {
    expect(judgeRunning(healthyFacts()).status).toBe('skip');
    expect(judge({ ok: true, checks: [] }).status).toBe('ok');
    expect(judge(undefined).evidence[1]).toContain('does not answer');
    expect(judge(null, { ...runningInstance(), facts: null }).status).toBe('skip');
    const checks = [
      { name: 'tls example.com', ok: true, detail: '' },
      { name: 'upstream api.example.com', ok: false, detail: 'ECONNREFUSED' },
    ];
    expect(judge({ ok: false, checks })).toMatchObject({
      status: 'fail',
      evidence: [expect.anything(), 'upstream api.example.com: ECONNREFUSED'],
    });
  });
});

describe('P7 and P8', () => {
  test('records of the dead are a warning that --fix takes away', () => {
    const instances = { name: 'default', running: null, health: null, stale: [runningInstance()] };
    expect(judgeStale(healthyFacts({ instances }))).toMatchObject({
      status: 'warn',
      remedy: 'stale-records',
    });
  });
  test('another user’s directory fails, one that is open to others warns', () => {
    const state = (uid: number, mode: number) =>
      judgeState(healthyFacts({ state: { userId: 1000, directories: [{ path: '/s', uid, mode }] } }));
    expect(state(0, 0o700)).toMatchObject({ status: 'fail', fix: 'sudo chown -R 1000 /s' });
    expect(state(1000, 0o755)).toMatchObject({
      status: 'warn',
      remedy: 'modes',
      evidence: ['/s has mode 755'],
    });
    expect(state(1000, 0o700).status).toBe('ok');
    expect(judgeState(healthyFacts({ state: { userId: null, directories: [] } })).status).toBe('skip');
  });
});

describe('for people', () => {
  const finding = (overrides: Partial<Finding>): Finding => ({
    id: 'N1',
    title: 'Names',
    status: 'ok',
    severity: 'info',
    evidence: ['first', 'second'],
    cause: null,
    fix: null,
    remedy: null,
    docs: 'README.md',
    ...overrides,
  });
  const findings = [
    finding({}),
    finding({
      id: 'N10',
      status: 'fail',
      severity: 'error',
      cause: 'so it is',
      fix: 'jwt-dev hosts --apply',
      remedy: 'hosts',
    }),
    finding({ id: 'P1', status: 'skip', evidence: ['nothing runs'] }),
    finding({ id: 'T1', status: 'warn', remedy: 'certificates' }),
  ];
  test('only what is wrong is shown in full', () => {
    expect(formatFindings(findings, plain)).toBe(
      [
        'ok    N1   Names: first (and 1 more)',
        'fail  N10  Names',
        '           first',
        '           second',
        '           Why: so it is',
        '           Fix: jwt-dev hosts --apply',
        'skip  P1   Names: nothing runs',
        'warn  T1   Names',
        '           first',
        '           second',
        '',
        '1 ok, 1 warning, 1 failure, 1 not checked',
      ].join('\n'),
    );
    expect(countFindings(findings)).toEqual({ ok: 1, warn: 1, fail: 1, skip: 1 });
  });
  test('each repair is planned once, the safe ones apart', () => {
    expect(planFixes([...findings, ...findings])).toEqual({ safe: ['certificates'], asking: ['hosts'] });
  });
});
