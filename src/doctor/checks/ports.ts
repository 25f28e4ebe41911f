import { addressSpace } from '../addresses.ts';
import { defineCheck } from '../check.ts';
import type { PortFact } from '../facts/ports.ts';
import { command } from '../facts/project.ts';
import type { Facts } from '../facts/readers.ts';
import { ok, skip, type Verdict } from '../types.ts';

type PortFacts = Pick<Facts, 'ports' | 'project' | 'instances'>;

/** P1 */
export function judgeFree({ ports: { ports }, project, instances }: PortFacts): Verdict {
  if (ports.length === 0) return ok('any free port will do');
  const pid = instances.running?.process.pid;
  const isOurs = ({ holder, taken }: PortFact): boolean =>
    pid !== undefined && taken && (holder === undefined || holder.pid === pid);
  const evidence = ports.map((port) => {
    if (isOurs(port)) return `${port.port} (${port.use}) is ours, process ${pid}`;
    if (!port.taken) {
      return pid === undefined
        ? `${port.port} (${port.use}) is free`
        : `${port.port} (${port.use}): nothing listens`;
    }
    const who =
      port.holder === undefined
        ? 'a process that this user may not see'
        : `process ${port.holder.pid}, ${port.holder.command.slice(0, 120)}`;
    return `${port.port} (${port.use}) is in use by ${who}`;
  });
  const taken = ports.filter((port) => port.taken && !isOurs(port));
  if (taken.length > 0) {
    const https = taken.find(({ use }) => use === 'https');
    const [first] = taken;
    return {
      // Without the redirect the environment still works.
      status: https === undefined ? 'warn' : 'fail',
      evidence,
      cause: 'Another program listens where the environment is to.',
      fix:
        first?.holder === undefined
          ? `See who it is: sudo ss -ltnp 'sport = :${first?.port}'. Or take another port: ${command(project, https === undefined ? 'up --http-port none' : 'up --https-port 8443')}`
          : `Stop process ${first.holder.pid}, or take another port: ${command(project, https === undefined ? 'up --http-port none' : 'up --https-port 8443')}`,
    };
  }
  if (pid !== undefined && instances.running?.facts !== null && ports.some((port) => !port.taken)) {
    return {
      status: 'fail',
      evidence,
      cause: 'The environment runs, but does not listen on its port.',
      fix: `${command(project, 'down')}, then ${command(project, 'up')}`,
    };
  }
  return ok(...evidence);
}

/** P2 */
export function judgePermission({ ports: facts, project, instances }: PortFacts): Verdict {
  const { ports, firstUnprivileged, mayBind } = facts;
  if (instances.running?.facts !== null && instances.running !== null) return ok('it listens already');
  const privileged = ports.filter(({ port }) => port < (firstUnprivileged ?? 1024));
  if (privileged.length === 0) return ok('no port needs a privilege');
  // Windows knows no privileged ports.
  if (project.platform === 'win32') return ok('Windows asks for no privilege');
  const which = privileged.map(({ port }) => port).join(' and ');
  if (mayBind ?? project.isRoot) return ok(`this user may listen on ${which}`);
  const { strictPort, rootless } = project.config.listen;
  return {
    status: strictPort ? 'fail' : 'warn',
    evidence: [
      `this user may not listen on ${which}`,
      ...(firstUnprivileged === null ? [] : [`net.ipv4.ip_unprivileged_port_start is ${firstUnprivileged}`]),
      ...(strictPort ? ['listen.strictPort forbids another port'] : []),
    ],
    cause: 'Ports below 1024 belong to root, unless root allows them.',
    fix:
      project.platform === 'linux'
        ? 'sudo sysctl net.ipv4.ip_unprivileged_port_start=80'
        : rootless
          ? null
          : `Without any privilege: ${command(project, 'up --rootless')}`,
  };
}

/** P3: known passwords and a backend in debug mode are nothing for the local network. */
export function judgeAddresses({ ports: { ports }, project, instances }: PortFacts): Verdict {
  const configured = project.config.listen.addresses;
  const running = instances.running !== null;
  const seen = running ? [...new Set(ports.flatMap(({ listeningOn }) => listeningOn ?? []))] : [];
  const addresses = seen.length > 0 ? seen : configured;
  const open = addresses.filter((address) => addressSpace(address) !== 'loopback');
  if (open.length === 0)
    return ok(`${seen.length > 0 ? 'listens on' : 'configured:'} ${addresses.join(', ')}`);
  return {
    status: 'warn',
    evidence: open.map((address) => `${address} can be reached from other machines`),
    cause: 'Whoever is in the same network can log in with passwords that everybody knows.',
    fix: 'Set listen.addresses in jwt-dev.config.json to ["127.0.0.1", "::1"]',
  };
}

/** P6: what would send requests back to us. */
export function judgeLoop({
  upstreams,
  project,
  instances,
}: Pick<Facts, 'upstreams' | 'project' | 'instances'>): Verdict {
  const facts = instances.running?.facts;
  const proxyPort =
    facts?.proxy === undefined || facts.proxy === null ? [] : [Number(new URL(facts.proxy).port)];
  const ownPorts = new Set<number | null>([
    ...(facts === undefined || facts === null
      ? [project.config.listen.httpsPort, project.config.listen.httpPort]
      : [facts.httpsPort, facts.httpPort]),
    ...proxyPort,
  ]);
  const loops = upstreams.filter(({ place }) => {
    if (place === null) return false;
    const isHere = place.hosts.some((host) => host === 'localhost' || isLoopback(host));
    return (
      place.hosts.some((host) => project.hostnames.includes(host)) || (isHere && ownPorts.has(place.port))
    );
  });
  if (upstreams.every(({ place }) => place === null)) return skip('no server of your own');
  if (loops.length === 0) return ok('no upstream leads back to jwt-dev');
  return {
    status: 'fail',
    evidence: loops.map(
      ({ at, place }) => `${at} is sent to ${place?.hosts.join(' or ')}, port ${place?.port}`,
    ),
    cause: 'That is jwt-dev itself: requests would go round in a circle until they are answered with 508.',
    fix: 'Name the port of your own server as the upstream in jwt-dev.config.json',
  };
}

function isLoopback(host: string): boolean {
  return /^[\d.]+$|:/.test(host) && addressSpace(host) === 'loopback';
}

const NEEDS = ['ports', 'project', 'instances'] as const;

export const PORT_CHECKS = {
  free: defineCheck({
    id: 'P1',
    title: 'The ports are free or ours',
    docs: 'trouble',
    needs: NEEDS,
    judge: judgeFree,
  }),
  permission: defineCheck({
    id: 'P2',
    title: 'This user may listen on the ports',
    docs: 'trouble',
    needs: NEEDS,
    judge: judgePermission,
  }),
  addresses: defineCheck({
    id: 'P3',
    title: 'Only this machine can connect',
    docs: 'trouble',
    needs: NEEDS,
    judge: judgeAddresses,
  }),
  loop: defineCheck({
    id: 'P6',
    title: 'No upstream leads back to jwt-dev',
    docs: 'trouble',
    needs: ['upstreams', 'project', 'instances'],
    judge: judgeLoop,
  }),
};
