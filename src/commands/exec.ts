import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { JwtDevError } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export function registerExec(program: Command, act: ActionRunner): void {
  program
    .command('exec')
    .description('run a command set up for the running environment; its exit code becomes ours')
    .argument('[command...]', 'the command and its arguments, behind --')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .passThroughOptions()
    .addHelpText(
      'before',
      examples([
        ['jwt-dev exec -- curl https://api.example.com/auth/user/', 'trusts the CA, needs no hosts entry'],
        ['jwt-dev exec -- npx playwright test --headed', 'exit code passed through; 125: jwt-dev failed'],
        ['jwt-dev exec --instance tests -- python smoke.py', 'against another environment'],
      ]),
    )
    .action((command: readonly string[], options: InstanceOptions) =>
      act(async (context, loadConfig) => {
        // What is missing on the command line is said before the configuration is looked at.
        const [file, ...args] = command;
        if (file === undefined) {
          throw new JwtDevError('ERR_USAGE', 'No command to run', {
            hint: `Put it behind two dashes: ${context.self.typed} exec -- npx playwright test`,
          });
        }
        return runExec({ file, args }, options, context, await loadConfig());
      }),
    );
}

/** Runs a command against a running environment and answers its exit code. @throws JwtDevError ERR_NOT_RUNNING */
export async function runExec(
  { file, args }: { readonly file: string; readonly args: readonly string[] },
  options: InstanceOptions,
  context: Pick<Context, 'cwd' | 'env' | 'owner' | 'pid' | 'platform' | 'run' | 'self' | 'onStopSignal'>,
  config: Config,
): Promise<number> {
  const { instancePlace, readyInstance } = await import('./instance.ts');
  const { prepareClient } = await import('../environment/client.ts');
  const { runChild } = await import('../system/child.ts');
  const { facts } = await readyInstance(instancePlace(options, context, config), context);
  const { env } = await prepareClient(facts, { ...context, stateDir: config.stateDir });
  return runChild(file, args, { ...context, env });
}
