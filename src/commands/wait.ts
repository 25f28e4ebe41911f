import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { parseDuration } from '../system/duration.ts';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export interface WaitOptions extends InstanceOptions {
  readonly timeout: string;
}

export function registerWait(program: Command, act: ActionRunner): void {
  program
    .command('wait')
    .description('wait until the environment is healthy; exit 6 if it is not in time')
    .option('--timeout <time>', 'how long, such as 30s or 2m', '30s')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .addHelpText(
      'before',
      examples([
        ['jwt-dev wait', 'up to 30 seconds'],
        ['jwt-dev wait --timeout 2m && npx playwright test', 'tests once everything answers'],
      ]),
    )
    .action((options: WaitOptions) =>
      act(async (context, loadConfig) => runWait(options, context, await loadConfig())),
    );
}

/** Waits for a healthy environment, also for one that has not been started yet. @throws JwtDevError ERR_TIMEOUT */
export async function runWait(
  options: WaitOptions,
  context: Pick<Context, 'env' | 'output' | 'self'>,
  config: Config,
): Promise<number> {
  const { called, instancePlace } = await import('./instance.ts');
  const { waitUntilHealthy } = await import('../control/wait.ts');
  const place = instancePlace(options, context, config);
  const timeoutMs = parseDuration(options.timeout, '--timeout');
  const outcome = await waitUntilHealthy(place, timeoutMs);
  if (outcome.kind === 'healthy') {
    const { frontend, api } = outcome.facts;
    context.output.result(
      { healthy: true, instance: place.name, ...outcome.facts },
      `${frontend} and ${api} answer`,
    );
    return EXIT.done;
  }
  throw new JwtDevError(
    'ERR_TIMEOUT',
    `${called(place)} is not healthy after ${options.timeout}: ${outcome.why}`,
    {
      hint: `See what is wrong with: ${context.self.typed} status, and: ${context.self.typed} logs`,
      facts: { instance: place.name },
    },
  );
}
