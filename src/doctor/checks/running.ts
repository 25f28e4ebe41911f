import { defineCheck } from '../check.ts';
import type { InstancesFacts } from '../facts/instance.ts';
import { command, type ProjectFacts } from '../facts/project.ts';
import { ok, skip, type Verdict } from '../types.ts';

export function judgeRunning({
  instances,
  project,
}: {
  readonly instances: InstancesFacts;
  readonly project: ProjectFacts;
}): Verdict {
  const { running, health, name } = instances;
  if (running === null) return notRunning(project);
  const { pid } = running.process;
  const { facts } = running;
  if (facts === null) return skip(`process ${pid} is still starting`);
  const seen = `"${name}", process ${pid}: ${facts.frontend} and ${facts.api}`;
  if (health === undefined || health === null) {
    return {
      status: 'fail',
      evidence: [seen, `its control server ${facts.control} does not answer`],
      cause: 'The process lives, but hangs or was stopped (Ctrl-Z).',
      fix: `${command(project, 'down')}, then ${command(project, 'up')}`,
    };
  }
  if (health.ok) return ok(seen);
  return {
    status: 'fail',
    evidence: [
      seen,
      ...health.checks.filter(({ ok: fine }) => !fine).map((each) => `${each.name}: ${each.detail}`),
    ],
    cause: 'A part of the environment does not answer.',
    fix: command(project, 'logs'),
  };
}

/** What every check says that needs a running environment. */
export function notRunning(project: ProjectFacts): Verdict {
  return skip(`nothing runs; start it: ${command(project, 'up')}`);
}

export const RUNNING_CHECKS = [
  defineCheck({
    id: 'R1',
    title: 'The environment runs and answers',
    docs: 'trouble',
    needs: ['instances', 'project'],
    judge: judgeRunning,
  }),
];
