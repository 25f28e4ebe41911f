import { describe, expect, test } from 'vitest';
import { judgeAddresses, judgeFree, judgeLoop, judgePermission } from '../../../src/doctor/checks/ports.ts';
import { mayBindPrivileged, type PortFact, parseListening } from '../../../src/doctor/facts/ports.ts';
import { configOf, healthyFacts, runningInstance, upstream } from '../../helpers/doctor-facts.ts';

function withPorts(https: Partial<PortFact>, more: Partial<ReturnType<typeof healthyFacts>['ports']> = {}) {
  const facts = healthyFacts();
  const [first, second] = facts.ports.ports as [PortFact, PortFact];
  return { ...facts, ports: { ...facts.ports, ports: [{ ...first, ...https }, second], ...more } };
}
const running = (facts: ReturnType<typeof healthyFacts>) => ({
  ...facts,
  instances: { ...facts.instances, running: runningInstance() },
});

describe('P1', () => {
  test('free ports are fine before a start, and a fault after it', () => {
    expect(judgeFree(healthyFacts()).status).toBe('ok');
    expect(judgeFree(running(healthyFacts())).status).toBe('fail');
  });
  test('the holder of a taken port is named', () => {
    const holder = { pid: 99, command: 'nginx: master process' };
    expect(judgeFree(withPorts({ taken: true, holder }))).toMatchObject({
      status: 'fail',
      evidence: ['443 (https) is in use by process 99, nginx: master process', '80 (http) is free'],
      fix: expect.stringContaining('Stop process 99'),
    });
    expect(judgeFree(withPorts({ taken: true })).fix).toContain("sudo ss -ltnp 'sport = :443'");
  });
  test('a taken redirect port is a warning only', () => {
    const facts = withPorts(
      {},
      { ports: [{ use: 'http', port: 80, taken: true, holder: undefined, listeningOn: [] }] },
    );
    expect(judgeFree(facts)).toMatchObject({
      status: 'warn',
      fix: expect.stringContaining('--http-port none'),
    });
  });
  test('our own process is recognised by its number, another one is not', () => {
    const ours = { taken: true, holder: { pid: 4711, command: 'node jwt-dev' } };
    const only = (port: Partial<PortFact>) => {
      const facts = running(withPorts(port));
      return { ...facts, ports: { ...facts.ports, ports: facts.ports.ports.slice(0, 1) } };
    };
    expect(judgeFree(only(ours))).toMatchObject({
      status: 'ok',
      evidence: ['443 (https) is ours, process 4711'],
    });
    expect(judgeFree(only({ taken: true, holder: { pid: 1, command: 'other' } })).status).toBe('fail');
  });
});

describe('P2', () => {
  test('depends on the sysctl, the capability and on what may be fallen back to', () => {
    expect(judgePermission(healthyFacts()).status).toBe('ok');
    const refused = withPorts({}, { firstUnprivileged: 1024 });
    expect(judgePermission(refused)).toMatchObject({
      status: 'warn',
      fix: 'sudo sysctl net.ipv4.ip_unprivileged_port_start=80',
    });
    expect(judgePermission(withPorts({}, { firstUnprivileged: 1024, mayBind: true })).status).toBe('ok');
    const config = configOf({ listen: { strictPort: true } });
    expect(judgePermission({ ...refused, project: { ...refused.project, config } }).status).toBe('fail');
    expect(judgePermission({ ...refused, project: { ...refused.project, platform: 'win32' } }).status).toBe(
      'ok',
    );
    expect(judgePermission(running(refused)).status).toBe('ok');
  });
});

test('P3 goes by what is really listened on', () => {
  expect(judgeAddresses(healthyFacts()).evidence).toEqual(['configured: 127.0.0.1, ::1']);
  const open = running(withPorts({ listeningOn: ['0.0.0.0', '::1'] }));
  expect(judgeAddresses(open)).toMatchObject({
    status: 'warn',
    evidence: ['0.0.0.0 can be reached from other machines'],
  });
});

describe('P6', () => {
  const judge = (hosts: readonly string[], port: number, isRunning = false) => {
    const facts = healthyFacts({ upstreams: [upstream({ place: { hosts, port, secure: true } })] });
    return judgeLoop(isRunning ? running(facts) : facts).status;
  };
  test('our own names and our own ports lead back to us', () => {
    expect(judge(['api.example.com'], 8000)).toBe('fail');
    expect(judge(['localhost'], 443)).toBe('fail');
    expect(judge(['127.0.0.1', '::1'], 80, true)).toBe('fail');
    expect(judge(['localhost'], 5173)).toBe('ok');
    expect(judge(['other.test'], 443)).toBe('ok');
    expect(judgeLoop(healthyFacts()).status).toBe('skip');
  });
});

test('the capability is bit 10 of CapEff', () => {
  expect(mayBindPrivileged('Name:\tnode\nCapEff:\t0000000000000400\n')).toBe(true);
  expect(mayBindPrivileged('CapEff:\t0000000000000000\n')).toBe(false);
  expect(mayBindPrivileged('CapEff:\t000001ffffffffff\n')).toBe(true);
  expect(mayBindPrivileged('nothing')).toBe(null);
});

test('listening addresses are read from the tables of the kernel', () => {
  const row = (local: string, state: string) =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 0 0 0 1`;
  const table = [
    '  sl  local_address rem_address st',
    row('0100007F:01BB', '0A'),
    row('0100007F:01BB', '01'),
    row('00000000:01BB', '0A'),
    row('0100007F:0050', '0A'),
  ].join('\n');
  expect(parseListening(table, 443)).toEqual(['127.0.0.1', '0.0.0.0']);
  const v6 = [
    row('00000000000000000000000001000000:01BB', '0A'),
    row('00000000000000000000000000000000:01BB', '0A'),
    row('0000000000000000FFFF00000100007F:01BB', '0A'),
  ].join('\n');
  expect(parseListening(v6, 443)).toEqual(['::1', '::', '::ffff:127.0.0.1']);
  expect(parseListening('', 443)).toEqual([]);
});
