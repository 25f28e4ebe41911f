import { Command, Option } from 'commander';
import { type ActionRunner, examples } from './commands/command.ts';
import { COMMANDS } from './commands/index.ts';
import type { ConfigOverrides } from './config/overrides.ts';
import type { Config } from './config/types.ts';
import type { Context } from './context.ts';
import { EXIT } from './errors.ts';

/**
 * Parses a command line, runs its command and answers the exit code.
 * @throws CommanderError for `--help` and mistakes in the arguments; whatever the command throws.
 */
export async function runProgram(argv: readonly string[], context: Context): Promise<number> {
  let exitCode: number = EXIT.done;
  // Commander writes help in several pieces; with `--json` they are one answer.
  let help = '';
  const program = buildProgram(
    context,
    async (action) => {
      exitCode = await action(context, (overrides) => load(context, program, overrides));
    },
    (text) => {
      help += text;
    },
  );
  try {
    await program.parseAsync(argv, { from: 'user' });
  } finally {
    if (help !== '') context.output.result({ help }, help);
  }
  return exitCode;
}

/**
 * The whole program; also read by the check of the README against `--help`.
 * @param writeHelp gets what `--help` shows.
 */
export function buildProgram(
  context: Pick<Context, 'version'>,
  act: ActionRunner,
  writeHelp: (text: string) => void,
): Command {
  const program = new Command('jwt-dev')
    .description('A local HTTPS split-domain environment: frontend, API and JWT cookies over trusted TLS.')
    .version(context.version)
    .addHelpText('before', PROGRAM_EXAMPLES)
    .showHelpAfterError(false)
    // Options behind the name of a command are that command's; `exec` passes them on.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: writeHelp,
      writeErr: () => undefined,
    });
  for (const register of COMMANDS) register(program, act);
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput(program.configureOutput());
    command.addOption(new Option('--json', 'print JSON on stdout and nothing else'));
    // `init` is about to write that file.
    if (command.name() === 'init') continue;
    command.addOption(
      new Option('--config <file>', 'configuration file (default: the nearest jwt-dev.config.json)'),
    );
  }
  return program;
}

/** A command and everything below it, itself first. */
function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap((below) => withSubcommands(below))];
}

const PROGRAM_EXAMPLES = examples([
  ['jwt-dev up', 'everything: certificates, auth API, demo page, TLS proxy'],
  ['jwt-dev up --https-port 8443', 'the same on a port that needs no privilege'],
  ['jwt-dev hosts --apply', 'maps example.com and api.example.com to this machine'],
  ['jwt-dev init', 'writes jwt-dev.config.json with your frontend and backend'],
]);

async function load(context: Context, program: Command, overrides: ConfigOverrides = {}): Promise<Config> {
  const { loadConfig } = await import('./config/load.ts');
  const file = withSubcommands(program)
    .toReversed()
    .map((command) => command.opts<{ config?: string }>().config)
    .find((name) => name !== undefined);
  const { config, warnings } = await loadConfig(context, file, overrides);
  for (const warning of warnings) context.output.warn(warning);
  return config;
}
