import { describe, expect, test } from 'vitest';
import { judgeHostAccepted, judgeHsts, judgeUpstreams } from '../../../src/doctor/checks/upstreams.ts';
import { answered, healthyFacts, runningInstance, upstream } from '../../helpers/doctor-facts.ts';

describe('P4', () => {
  const down = healthyFacts({ upstreams: [upstream({ open: [] })] });
  test('a server that is not there yet is a warning before the start and a failure after it', () => {
    expect(judgeUpstreams(down)).toMatchObject({
      status: 'warn',
      evidence: ['example.com: nothing listens on port 5173 of 127.0.0.1 or ::1'],
    });
    const instances = { ...down.instances, running: runningInstance() };
    expect(judgeUpstreams({ ...down, instances }).status).toBe('fail');
  });
  test('the bundled parts and commands that have not begun are not looked at', () => {
    expect(judgeUpstreams(healthyFacts()).status).toBe('skip');
    const command = { kind: 'command', command: 'vite', port: null, cwd: '/', env: {} } as const;
    const upstreams = [upstream({ upstream: command, place: null, open: [] })];
    expect(judgeUpstreams(healthyFacts({ upstreams })).status).toBe('skip');
  });
  test('a missing directory says what to do', () => {
    const directory = { kind: 'static', directory: '/dist', spa: true } as const;
    const upstreams = [upstream({ upstream: directory, place: null, open: [] })];
    expect(judgeUpstreams(healthyFacts({ upstreams })).fix).toContain('Build your frontend');
  });
});

describe('P5', () => {
  test('a refused host name comes with the setting that allows it', () => {
    const body = 'Blocked request. This host ("example.com") is not allowed.';
    const upstreams = [upstream({ answer: answered({ status: 403, body }) })];
    expect(judgeHostAccepted(healthyFacts({ upstreams }))).toMatchObject({
      status: 'fail',
      evidence: ['example.com: Vite answers Host: example.com with 403, host not allowed'],
      fix: expect.stringContaining("allowedHosts: ['example.com']"),
    });
  });
  test('any other answer is the server’s own business', () => {
    const upstreams = [upstream({ answer: answered({ status: 403, body: 'log in first' }) })];
    expect(judgeHostAccepted(healthyFacts({ upstreams })).status).toBe('ok');
  });
  test('a server that connects and says nothing is a warning', () => {
    const upstreams = [upstream({ answer: { kind: 'silent', why: 'ECONNRESET' } })];
    expect(judgeHostAccepted(healthyFacts({ upstreams })).status).toBe('warn');
    expect(judgeHostAccepted(healthyFacts()).status).toBe('skip');
  });
});

test('T7: HSTS is withheld by the proxy, but not by a server with TLS of its own', () => {
  const sends = (value: string, secure: boolean, isFrontend = true) =>
    judgeHsts(
      healthyFacts({
        upstreams: [
          upstream({
            isFrontend,
            place: { hosts: ['127.0.0.1'], port: 1, secure },
            answer: answered({ headers: { 'strict-transport-security': value } }),
          }),
        ],
      }),
    );
  expect(sends('max-age=31536000', false)).toMatchObject({
    status: 'ok',
    evidence: ['example.com sends it: max-age=31536000', 'jwt-dev keeps it from the browser'],
  });
  expect(sends('max-age=31536000; includeSubDomains', true).status).toBe('warn');
  expect(sends('max-age=0; includeSubDomains', true).evidence).toEqual(['the frontend sends none']);
  expect(sends('max-age=31536000', true, false).status).toBe('skip');
});
