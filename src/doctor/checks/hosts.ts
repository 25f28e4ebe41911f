import { JwtDevError } from '../../errors.ts';
import { defineCheck } from '../check.ts';
import type { HostsFacts } from '../facts/hosts.ts';
import { command, type ProjectFacts } from '../facts/project.ts';
import type { Facts } from '../facts/readers.ts';
import { ok, skip, type Verdict } from '../types.ts';

/** N4: our block, once, and nothing that contradicts it. */
export function judgeHostsFile({
  hosts,
  project,
  instances,
}: Pick<Facts, 'hosts' | 'project' | 'instances'>): Verdict {
  if (instances.running?.facts?.mode === 'rootless') return skip('rootless: the hosts file is not used');
  return judgeFile(hosts, project);
}

/** N5: under WSL the browsers are Windows programs and read the file of Windows. */
export function judgeWindowsHosts({
  surroundings,
  project,
}: Pick<Facts, 'surroundings' | 'project'>): Verdict {
  if (!surroundings.isWsl) return skip('this is not WSL');
  if (surroundings.windows !== null) return judgeFile(surroundings.windows, project);
  return skip('WSL, but Windows programs cannot be started from it, so its hosts file is not known');
}

/** N6: not wrong, but good to know. */
export function judgeContainer({ surroundings, project }: Pick<Facts, 'surroundings' | 'project'>): Verdict {
  if (surroundings.container === null) return ok('not in a container');
  const names = project.hostnames.map((hostname) => `--add-host ${hostname}:host-gateway`).join(' ');
  return ok(
    `in a container (${surroundings.container}): programs outside reach it only through published ports`,
    `a container that is to reach an environment on its host needs: ${names}`,
  );
}

function judgeFile({ file, report, writable, commentedOut }: HostsFacts, project: ProjectFacts): Verdict {
  if (report instanceof JwtDevError) {
    return {
      status: 'fail',
      evidence: [report.message, ...report.details],
      cause: 'The hosts file cannot be read or edited safely.',
      fix: report.hint ?? null,
    };
  }
  const comments = commentedOut.map((line) => `line ${line} names one of ours, but is commented out`);
  if (report.conflicts.length > 0) {
    return {
      status: 'fail',
      evidence: [
        ...report.conflicts.map(
          ({ line, hostname, found, block }) =>
            `${file}, line ${line} maps ${hostname} to ${found}${block === null ? '' : ` (jwt-dev project ${block})`}`,
        ),
        ...comments,
      ],
      cause: 'Another line of the hosts file claims our names; resolvers take the first, or both.',
      fix: report.conflicts.some(({ block }) => block !== null)
        ? 'In the other project: jwt-dev hosts --remove'
        : command(project, 'hosts --apply --force'),
    };
  }
  if (!report.changed) return ok(`${file} has every line`, ...comments);
  const missing = report.changes.filter(({ kind }) => kind === 'add');
  const surplus = report.changes.filter(({ kind }) => kind === 'remove');
  return {
    status: missing.length > 0 ? 'fail' : 'warn',
    evidence: [
      ...missing.map(({ address, hostname }) => `${file} lacks: ${address} ${hostname}`),
      ...surplus.map(({ address, hostname }) => `${file} has too much: ${address} ${hostname}`),
      ...comments,
      ...(writable ? [] : ['changing it needs administrator rights']),
    ],
    cause:
      missing.length > 0
        ? 'The hosts file does not lead all names to this machine.'
        : 'The hosts file is not what the configuration says.',
    fix: command(project, 'hosts --apply'),
    remedy: 'hosts',
  };
}

export const HOSTS_CHECKS = [
  defineCheck({
    id: 'N4',
    title: 'The hosts file has our lines and no others for our names',
    docs: 'hosts',
    needs: ['hosts', 'project', 'instances'],
    judge: judgeHostsFile,
  }),
  defineCheck({
    id: 'N5',
    title: 'The hosts file of Windows has them too (WSL)',
    docs: 'hosts',
    needs: ['surroundings', 'project'],
    judge: judgeWindowsHosts,
  }),
  defineCheck({
    id: 'N6',
    title: 'Containers',
    docs: 'hosts',
    needs: ['surroundings', 'project'],
    judge: judgeContainer,
  }),
];
