import type { CertificateFacts } from '../../src/certs/facts.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { Config } from '../../src/config/types.ts';
import type { InstanceFacts, InstanceRecord } from '../../src/control/types.ts';
import type { ProbeAnswer } from '../../src/doctor/facts/probe.ts';
import type { Facts } from '../../src/doctor/facts/readers.ts';
import type { UpstreamFact } from '../../src/doctor/facts/upstreams.ts';
import type { HostsReport } from '../../src/hosts/request.ts';

export const NOW = new Date('2026-06-01T12:00:00Z');

/** A resolved configuration as a file with this content gives it. */
export function configOf(raw: Record<string, unknown> = {}): Config {
  return resolveConfig({
    raw,
    file: '/project/jwt-dev.config.json',
    projectDir: '/project',
    stateDir: '/state/projects/project-0123456789',
    defaultHostsFile: '/etc/hosts',
    overrides: {},
    env: {},
  }).config;
}

export function runningInstance(facts: Partial<InstanceFacts> = {}): InstanceRecord {
  return {
    name: 'default',
    process: { pid: 4711, startedAt: '1', boot: 'b', space: 's', host: 'h' },
    startedAt: NOW.getTime(),
    secret: 'a secret',
    logFile: null,
    facts: {
      version: '0.0.0',
      pid: 4711,
      mode: 'hosts',
      frontend: 'https://example.com',
      api: 'https://api.example.com',
      control: 'http://127.0.0.1:5000',
      inspector: 'http://127.0.0.1:5000/#a-secret',
      proxy: null,
      address: '127.0.0.1',
      httpsPort: 443,
      httpPort: 80,
      caFile: '/data/root.pem',
      bundleFile: '/data/bundle.pem',
      hostnames: ['example.com', 'api.example.com'],
      users: [],
      ...facts,
    },
  };
}

export const HOSTS_IN_PLACE: HostsReport = {
  file: '/etc/hosts',
  changed: false,
  applied: false,
  changes: [],
  conflicts: [],
  switchesOff: [],
  backup: null,
};

const leaf: CertificateFacts = {
  names: ['example.com', 'api.example.com'],
  subject: 'CN=example.com',
  notBefore: new Date('2026-05-20T00:00:00Z'),
  notAfter: new Date('2026-06-19T00:00:00Z'),
  fingerprint256: 'AA',
  serialNumber: '01',
  isAuthority: false,
};
const authority: CertificateFacts = { ...leaf, isAuthority: true, notAfter: new Date('2031-01-01') };

/** A machine on which all is well and nothing runs. */
export function healthyFacts(overrides: Partial<Facts> = {}, raw: Record<string, unknown> = {}): Facts {
  const config = configOf(raw);
  const hostnames = ['example.com', 'api.example.com'];
  return {
    project: {
      config,
      hostnames,
      env: {},
      platform: 'linux',
      isRoot: false,
      now: NOW,
      typed: 'jwt-dev',
      configFlag: '',
    },
    names: hostnames.map((hostname) => ({ hostname, addresses: ['127.0.0.1', '::1'], error: null })),
    hosts: {
      file: '/etc/hosts',
      report: HOSTS_IN_PLACE,
      writable: false,
      commentedOut: [],
    },
    surroundings: { isWsl: false, windows: null, container: null },
    instances: { name: 'default', running: null, health: null, stale: [] },
    reach: null,
    ports: {
      ports: [
        { use: 'https', port: 443, taken: false, holder: undefined, listeningOn: [] },
        { use: 'http', port: 80, taken: false, holder: undefined, listeningOn: [] },
      ],
      firstUnprivileged: 80,
      mayBind: false,
    },
    upstreams: [upstream({ upstream: { kind: 'bundled' }, place: null, open: [] })],
    state: { userId: 1000, directories: [{ path: '/state', uid: 1000, mode: 0o700 }] },
    certificates: {
      mode: 'ca',
      authority: {
        facts: { defect: null, root: authority, intermediate: authority },
        plan: { action: 'keep' },
      },
      leaf: { facts: { defect: null, leaf }, plan: { action: 'keep' } },
      leafUsages: ['1.3.6.1.5.5.7.3.1'],
      leafFingerprint256: 'AA',
      constrainedTo: 'example.com',
      root: null,
      caPem: 'PEM',
      caFile: '/data/root.pem',
      keys: [{ path: '/data/key.pem', uid: 1000, mode: 0o600 }],
    },
    trust: [],
    clients: null,
    apiCors: null,
    apiSession: null,
    nodeSettings: [
      { who: 'this shell', rejectUnauthorized: undefined, extraCaFile: undefined, extraCa: 'unset' },
    ],
    ...overrides,
  };
}

export function upstream(overrides: Partial<UpstreamFact> = {}): UpstreamFact {
  return {
    at: 'example.com',
    hostname: 'example.com',
    isFrontend: true,
    path: '/',
    upstream: { kind: 'port', port: 5173 },
    place: { hosts: ['127.0.0.1', '::1'], port: 5173, secure: false },
    open: ['127.0.0.1'],
    answer: null,
    directoryExists: false,
    ...overrides,
  };
}

export function answered(overrides: Partial<Extract<ProbeAnswer, { kind: 'answered' }>> = {}): ProbeAnswer {
  return {
    kind: 'answered',
    status: 200,
    headers: {},
    headerPairs: [],
    body: '',
    fingerprint256: null,
    ...overrides,
  };
}
