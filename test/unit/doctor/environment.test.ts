import { describe, expect, test } from 'vitest';
import {
  isExempt,
  judgeExtraCa,
  judgeProxyVariables,
  judgeRejectUnauthorized,
  judgeVariables,
} from '../../../src/doctor/checks/environment.ts';
import { parseEnviron } from '../../../src/doctor/facts/node-settings.ts';
import { healthyFacts, runningInstance } from '../../helpers/doctor-facts.ts';

const withEnv = (env: Record<string, string>) => {
  const facts = healthyFacts();
  return { ...facts, project: { ...facts.project, env } };
};

describe('N8', () => {
  test('a proxy that is asked for our names is a warning, without its password', () => {
    const verdict = judgeProxyVariables(
      withEnv({ HTTPS_PROXY: 'http://me:hush@proxy.corp:3128', NO_PROXY: 'localhost' }),
    );
    expect(verdict).toMatchObject({
      status: 'warn',
      evidence: [
        'HTTPS_PROXY=http://…@proxy.corp:3128',
        'NO_PROXY does not exempt example.com, api.example.com',
      ],
    });
  });
  test('NO_PROXY exempts, in either spelling; our own proxy is no other', () => {
    expect(
      judgeProxyVariables(withEnv({ all_proxy: 'http://p', no_proxy: 'localhost,.example.com' })).status,
    ).toBe('ok');
    const facts = withEnv({ HTTPS_PROXY: 'http://127.0.0.1:5001' });
    const running = runningInstance({ proxy: 'http://127.0.0.1:5001' });
    expect(judgeProxyVariables({ ...facts, instances: { ...facts.instances, running } }).status).toBe('ok');
    expect(judgeProxyVariables(withEnv({})).status).toBe('ok');
  });
  test.each([
    ['*', true],
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['com', true],
    ['a, API.example.com:443 ,b', true],
    ['ample.com', false],
    ['other.example.com', false],
    ['', false],
    [',', false],
  ])('NO_PROXY=%s exempts api.example.com: %s', (noProxy, expected) => {
    expect(isExempt('api.example.com', noProxy)).toBe(expected);
  });
});

describe('T4 and T5', () => {
  const shell = {
    who: 'this shell',
    rejectUnauthorized: undefined,
    extraCaFile: undefined,
    extraCa: 'unset',
  } as const;
  const judge = (change: object) => {
    const facts = healthyFacts({ nodeSettings: [{ ...shell, ...change }] });
    return { ca: judgeExtraCa(facts), reject: judgeRejectUnauthorized(facts) };
  };
  test('a setting without our CA is a warning that does not throw the other CAs away', () => {
    const { ca } = judge({ extraCaFile: '/corp.pem', extraCa: 'lacks ours' });
    expect([ca.status, ca.evidence, ca.fix]).toEqual([
      'warn',
      ['this shell: /corp.pem does not hold our CA'],
      expect.stringContaining('both CAs'),
    ]);
    expect(judge({ extraCaFile: '/gone.pem', extraCa: 'unreadable' }).ca.fix).toBe(
      'export NODE_EXTRA_CA_CERTS=/data/root.pem',
    );
    expect(judge({ extraCaFile: '/ca.pem', extraCa: 'holds ours' }).ca.status).toBe('ok');
    expect(judge({}).ca.status).toBe('ok');
  });
  test('only the value 0 switches the checks of Node off', () => {
    expect(judge({ rejectUnauthorized: '0' }).reject).toMatchObject({
      status: 'fail',
      evidence: ['this shell: NODE_TLS_REJECT_UNAUTHORIZED=0'],
    });
    expect(judge({ rejectUnauthorized: '1' }).reject.status).toBe('ok');
  });
});

test('E1 says what each variable overrides', () => {
  expect(
    judgeVariables(withEnv({ JWT_DEV_HTTPS_PORT: '8443', JWT_DEV_HOME: '/h', JWT_DEV_API: '' })).evidence,
  ).toEqual([
    'JWT_DEV_HTTPS_PORT=8443 overrides listen.httpsPort',
    "JWT_DEV_HOME=/h moves jwt-dev's own files",
  ]);
  expect(judgeVariables(withEnv({})).evidence).toEqual(['none is set']);
});

test('the environment of another process is read as the kernel writes it', () => {
  expect(parseEnviron('A=1\0B=x=y\0=odd\0broken\0')).toEqual({ A: '1', B: 'x=y' });
});
