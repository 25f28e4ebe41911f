import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import type { StopOutcome } from '../control/stop.ts';
import { EXIT } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export interface DownOptions extends InstanceOptions {
  readonly all?: boolean;
}

/** Longer than a stopping environment waits for requests in flight. */
const GRACE_MS = 12_000;

export function registerDown(program: Command, act: ActionRunner): void {
  program
    .command('down')
    .description('stop the environment; succeeds when nothing runs')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .option('--all', 'every environment of this project')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev down', 'the environment of this project'],
        ['jwt-dev down --all', 'all of them'],
      ]),
    )
    .action((options: DownOptions) =>
      act(async (context, loadConfig) => runDown(options, context, await loadConfig())),
    );
}

/** Stops one environment, or all of the project. 0: nothing runs any more. */
export async function runDown(
  options: DownOptions,
  context: Pick<Context, 'env' | 'output'>,
  config: Config,
): Promise<number> {
  const { called, instancePlace } = await import('./instance.ts');
  const { stopInstance } = await import('../control/stop.ts');
  const { listInstances } = await import('../control/instance.ts');
  const names =
    options.all === true
      ? await listInstances(config.stateDir)
      : [instancePlace(options, context, config).name];
  const stopped = await Promise.all(
    names.map(async (name) => ({
      instance: name,
      outcome: await stopInstance({ stateDir: config.stateDir, name }, GRACE_MS),
    })),
  );
  const text = stopped
    .map(({ instance, outcome }) => `${called({ name: instance })} ${SAID[outcome]}.`)
    .join('\n');
  context.output.result(stopped, text === '' ? 'Nothing runs.' : text);
  return stopped.some(({ outcome }) => outcome === 'still-running') ? EXIT.failed : EXIT.done;
}

const SAID: Readonly<Record<StopOutcome, string>> = {
  'not-running': 'does not run',
  'was-stale': 'had ended without tidying up, which is done now',
  stopped: 'is stopped',
  killed: 'did not stop in time and was ended',
  'still-running': 'does not end; look at its process',
};
