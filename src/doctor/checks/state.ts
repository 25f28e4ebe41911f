import { defineCheck } from '../check.ts';
import { command } from '../facts/project.ts';
import type { Facts } from '../facts/readers.ts';
import { ok, skip, type Verdict } from '../types.ts';

/** P7 */
export function judgeStale({ instances, project }: Pick<Facts, 'instances' | 'project'>): Verdict {
  if (instances.stale.length === 0) return ok('none');
  return {
    status: 'warn',
    evidence: instances.stale.map(
      ({ name, process, startedAt }) =>
        `"${name}": process ${process.pid}, started ${new Date(startedAt).toISOString()}, is gone`,
    ),
    cause: 'It was killed and could not tidy up. The next up does so by itself.',
    fix: command(project, 'doctor --fix'),
    remedy: 'stale-records',
  };
}

/** P8 */
export function judgeState({ state, project }: Pick<Facts, 'state' | 'project'>): Verdict {
  const { userId, directories } = state;
  if (userId === null || project.platform === 'win32') return skip('the platform has no owners and modes');
  if (directories.length === 0) return ok('nothing is there yet');
  const foreign = directories.filter(({ uid }) => uid !== userId);
  if (foreign.length > 0) {
    return {
      status: 'fail',
      evidence: foreign.map(({ path, uid }) => `${path} belongs to user ${uid}`),
      cause: 'It was made by another user, most likely by a run with sudo, and cannot be written.',
      fix: `sudo chown -R ${userId} ${foreign.map(({ path }) => path).join(' ')}`,
    };
  }
  const loose = directories.filter(({ mode }) => (mode & 0o077) !== 0);
  if (loose.length === 0) return ok(`${directories.length} directories, owned by user ${userId} alone`);
  return {
    status: 'warn',
    evidence: loose.map(({ path, mode }) => `${path} has mode ${mode.toString(8)}`),
    cause: 'Other users of this machine may look into it; keys and users are in there.',
    fix: command(project, 'doctor --fix'),
    remedy: 'modes',
  };
}

export const STATE_CHECKS = [
  defineCheck({
    id: 'P7',
    title: 'No environment was left half alive',
    docs: 'trouble',
    needs: ['instances', 'project'],
    judge: judgeStale,
  }),
  defineCheck({
    id: 'P8',
    title: "jwt-dev's own directories are yours alone",
    docs: 'trouble',
    needs: ['state', 'project'],
    judge: judgeState,
  }),
];
