import { siteOf, siteWarnings } from '../../config/site.ts';
import { JwtDevError } from '../../errors.ts';
import { isInPlace } from '../../hosts/request.ts';
import { addressSpace } from '../addresses.ts';
import { defineCheck } from '../check.ts';
import type { ResolvedName } from '../facts/names.ts';
import { command } from '../facts/project.ts';
import type { Facts } from '../facts/readers.ts';
import { ok, skip, type Verdict } from '../types.ts';

type NameFacts = Pick<Facts, 'names' | 'project' | 'instances'>;

/** N1: programs find the names on this machine. */
export function judgeLoopback(facts: NameFacts & Pick<Facts, 'hosts'>): Verdict {
  const { names, project, hosts } = facts;
  if (isRootless(facts)) return ROOTLESS;
  const lost = names.filter((name) => !name.addresses.some((address) => isOurs(address, facts)));
  if (lost.length === 0) return ok(...names.map(describe));
  if (!(hosts.report instanceof JwtDevError) && isInPlace(hosts.report)) {
    return {
      status: 'fail',
      evidence: [...lost.map(describe), `${hosts.file} has the lines`],
      cause: 'Programs do not take these names from that file: something else stands before it.',
      fix:
        project.platform === 'linux'
          ? 'Put "files" first in the line "hosts:" of /etc/nsswitch.conf, and see hosts.file in the configuration'
          : 'Flush the caches of names, and see hosts.file in the configuration',
    };
  }
  return {
    status: 'fail',
    evidence: lost.map(describe),
    cause: 'Browsers and programs do not find these names on this machine.',
    fix: command(project, 'hosts --apply'),
    remedy: 'hosts',
  };
}

/** N2: nothing else answers for them, such as the AAAA record of the real site. */
export function judgeElsewhere(facts: NameFacts): Verdict {
  const { names, project } = facts;
  if (isRootless(facts)) return ROOTLESS;
  if (names.every(({ addresses }) => addresses.length === 0)) return skip('none of the names resolves');
  const foreign = names.flatMap(({ hostname, addresses }) =>
    addresses
      .filter((address) => !isOurs(address, facts))
      .map((address) => `${hostname} resolves to ${address}, a ${addressSpace(address)} address`),
  );
  if (foreign.length === 0) return ok('no address elsewhere');
  return {
    status: 'fail',
    evidence: foreign,
    cause:
      'Connections go to another machine, at least some of the time: to the real site, through a VPN or an old entry.',
    fix: command(project, 'hosts --apply'),
    remedy: 'hosts',
  };
}

/** N3: a page on one address space may not freely call an API on a nearer one (Local Network Access). */
export function judgeSpaces(facts: NameFacts): Verdict {
  if (isRootless(facts)) return ROOTLESS;
  const resolved = facts.names.filter(({ addresses }) => addresses.length > 0);
  if (resolved.length < 2) return skip('fewer than two of the names resolve');
  const spaces = resolved.map(({ hostname, addresses }) => ({
    hostname,
    spaces: [...new Set(addresses.map(addressSpace))].toSorted().join(' and '),
  }));
  const evidence = spaces.map(({ hostname, spaces: found }) => `${hostname}: ${found}`);
  if (new Set(spaces.map((each) => each.spaces)).size === 1) return ok(spaces[0]?.spaces ?? '');
  return {
    status: 'warn',
    evidence,
    cause:
      'Chromium asks for a permission before a page calls a server in a nearer address space (Local Network Access).',
    fix: command(facts.project, 'hosts --apply'),
    remedy: 'hosts',
  };
}

/** N9 */
export function judgeDomain({ project }: Pick<Facts, 'project'>): Verdict {
  const { site } = project.config;
  const warnings = siteWarnings(site);
  if (warnings.length === 0) return ok(`${site} is nobody's real site`);
  return {
    status: 'warn',
    evidence: warnings,
    cause: 'Another domain has fewer surprises in development.',
    fix: 'Set frontend.host in jwt-dev.config.json to example.com or a name below .test',
  };
}

/** N10: SameSite cookies need one registrable domain. */
export function judgeSameSite({ project }: Pick<Facts, 'project'>): Verdict {
  const { site } = project.config;
  const others = project.hostnames.filter((hostname) => siteOf(hostname) !== site);
  if (others.length === 0) return ok(`${project.hostnames.join(', ')}: one site, ${site}`);
  return {
    status: 'fail',
    evidence: others.map((hostname) => `${hostname} belongs to ${siteOf(hostname) ?? 'a public suffix'}`),
    cause: `Browsers refuse SameSite cookies between these and ${site}.`,
    fix: `Use names below ${site} in jwt-dev.config.json`,
  };
}

const ROOTLESS = skip('rootless: clients come through the forward proxy and resolve nothing');

function isRootless({ instances }: Pick<Facts, 'instances'>): boolean {
  return instances.running?.facts?.mode === 'rootless';
}

function isOurs(address: string, { project }: Pick<Facts, 'project'>): boolean {
  return addressSpace(address) === 'loopback' || project.config.hosts.addresses.includes(address);
}

function describe({ hostname, addresses, error }: ResolvedName): string {
  return addresses.length > 0
    ? `${hostname} resolves to ${addresses.join(', ')}`
    : `${hostname} does not resolve (${error ?? 'no addresses'})`;
}

const NEEDS = ['names', 'project', 'instances'] as const;

export const NAME_CHECKS = {
  loopback: defineCheck({
    id: 'N1',
    title: 'The names lead to this machine',
    docs: 'hosts',
    needs: [...NEEDS, 'hosts'],
    judge: judgeLoopback,
  }),
  elsewhere: defineCheck({
    id: 'N2',
    title: 'The names lead nowhere else',
    docs: 'hosts',
    needs: NEEDS,
    judge: judgeElsewhere,
  }),
  spaces: defineCheck({
    id: 'N3',
    title: 'All names are in one address space',
    docs: 'hosts',
    needs: NEEDS,
    judge: judgeSpaces,
  }),
  domain: defineCheck({
    id: 'N9',
    title: 'The domain is a good one for development',
    docs: 'trouble',
    needs: ['project'],
    judge: judgeDomain,
  }),
  sameSite: defineCheck({
    id: 'N10',
    title: 'The names are one site',
    docs: 'trouble',
    needs: ['project'],
    judge: judgeSameSite,
  }),
};
