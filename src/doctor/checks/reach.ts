import { defineCheck } from '../check.ts';
import { command } from '../facts/project.ts';
import type { Facts } from '../facts/readers.ts';
import { ok, skip, type Verdict } from '../types.ts';
import { notRunning } from './running.ts';

/** N7: each name leads to this very environment, not to another proxy, a VPN or the real site. */
export function judgeReach({ reach, names, project }: Pick<Facts, 'reach' | 'names' | 'project'>): Verdict {
  if (reach === null) return notRunning(project);
  const evidence = reach.map(({ hostname, by, detail }) => `${hostname} by ${by}: ${detail}`);
  const unresolved = names.filter(({ hostname }) => !reach.some((each) => each.hostname === hostname));
  if (reach.length === 0) return skip('none of the names resolves, so there is nothing to ask');
  const has = (outcome: (typeof reach)[number]['outcome']): boolean =>
    reach.some((each) => each.outcome === outcome);
  if (has('another')) {
    return {
      status: 'fail',
      evidence,
      cause:
        'Another server answers for the name: another proxy, a VPN, a corporate gateway or the real site.',
      fix: `Stop the other server, or see who it is: ${command(project, 'doctor --only P1,N2,N8')}`,
    };
  }
  // A family on which nothing listens is no harm while the other one answers: clients try both (RFC 8305).
  const dead = [...new Set(reach.map(({ hostname }) => hostname))].filter((hostname) =>
    reach.every((each) => each.hostname !== hostname || each.outcome === 'silent'),
  );
  if (dead.length > 0) {
    return {
      status: 'fail',
      evidence,
      cause: 'The environment runs, but is not where the name leads: other addresses, or a firewall.',
      fix: command(project, 'doctor --only N1,P3'),
    };
  }
  if (has('intercepted')) {
    return {
      status: 'warn',
      evidence,
      cause: 'Something on the way opens the encryption: an antivirus or a company proxy.',
      fix: `Exempt ${project.hostnames.join(', ')} from its TLS inspection`,
    };
  }
  return ok(...evidence, ...unresolved.map(({ hostname }) => `${hostname} does not resolve, see N1`));
}

export const REACH_CHECKS = [
  defineCheck({
    id: 'N7',
    title: 'Each name reaches this environment and no other server',
    docs: 'trouble',
    needs: ['reach', 'names', 'project'],
    judge: judgeReach,
  }),
];
