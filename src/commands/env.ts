import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';
import { ENV_FORMATS, type EnvFormat } from './env-formats.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export interface EnvOptions extends InstanceOptions {
  readonly format?: EnvFormat;
}

export function registerEnv(program: Command, act: ActionRunner): void {
  program
    .command('env')
    .description('print the variables that set programs up for the running environment')
    .addOption(
      program
        .createOption('--format <format>', 'how they are written (default: for the shell in $SHELL)')
        .choices([...ENV_FORMATS]),
    )
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .addHelpText(
      'before',
      examples([
        ['eval "$(jwt-dev env)"', 'this shell: curl, Node, Python trust the CA and find the names'],
        ['jwt-dev env --format fish | source', 'the same in fish'],
        ['jwt-dev env --format powershell | Out-String | Invoke-Expression', 'and in PowerShell'],
        ['jwt-dev env --format github >> "$GITHUB_ENV"', 'for the next steps of a GitHub Actions job'],
        ['jwt-dev env --format dotenv > .env.jwt-dev', 'for tools that read such a file'],
      ]),
    )
    .action((options: EnvOptions) =>
      act(async (context, loadConfig) => runEnv(options, context, await loadConfig())),
    );
}

/** Prints the variables of a running environment. @throws JwtDevError ERR_NOT_RUNNING */
export async function runEnv(
  options: EnvOptions,
  context: Pick<Context, 'env' | 'owner' | 'platform' | 'self' | 'output'>,
  config: Config,
): Promise<number> {
  const { output, env, platform, self } = context;
  const { instancePlace, readyInstance } = await import('./instance.ts');
  const { prepareClient } = await import('../environment/client.ts');
  const { formatNotes, formatOfShell, formatVariables } = await import('./env-formats.ts');
  const { facts } = await readyInstance(instancePlace(options, context, config), context);
  const { variables } = await prepareClient(facts, { ...context, stateDir: config.stateDir });
  const format = options.format ?? formatOfShell(env['SHELL'], platform);
  output.result(variables, formatVariables(variables, format));
  if (!output.json) for (const note of formatNotes(variables, format, self.typed)) output.info(note);
  return EXIT.done;
}
