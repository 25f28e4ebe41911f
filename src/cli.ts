import { Command, CommanderError, Option } from 'commander';
import { type ActionRunner, examples } from './commands/command.ts';
import { COMMANDS } from './commands/index.ts';
import type { ConfigOverrides } from './config/overrides.ts';
import type { Config } from './config/types.ts';
import { type Context, createContext } from './context.ts';
import { EXIT, errnoOf, JwtDevError, messageOf } from './errors.ts';

/** Runs one command line and answers the exit code. The only place that catches, prints errors and chooses that code. */
export async function main(argv: readonly string[]): Promise<number> {
  const context = createContext(argv);
  let exitCode: number = EXIT.done;
  const program = buildProgram(context, async (action) => {
    exitCode = await action(context, (overrides) => load(context, program, overrides));
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    return report(error, context);
  }
  return exitCode;
}

/** The whole program; also read by the check of the README against `--help`. */
export function buildProgram(context: Context, act: ActionRunner): Command {
  const program = new Command('jwt-dev')
    .description('A local HTTPS split-domain environment: frontend, API and JWT cookies over trusted TLS.')
    .version(context.version)
    .addHelpText('before', PROGRAM_EXAMPLES)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.output.result({ text }, text),
      writeErr: () => undefined,
    });
  for (const register of COMMANDS) register(program, act);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput(program.configureOutput());
    command.addOption(new Option('--json', 'print JSON on stdout and nothing else'));
    command.addOption(new Option('--config <file>', 'configuration file (default: the nearest jwt-dev.config.json)'));
  }
  return program;
}

const PROGRAM_EXAMPLES = examples([
  ['jwt-dev up', 'everything: certificates, auth API, demo page, TLS proxy'],
  ['jwt-dev up --https-port 8443', 'the same on a port that needs no privilege'],
  ['jwt-dev hosts --apply', 'maps example.com and api.example.com to this machine'],
  ['jwt-dev init', 'writes jwt-dev.config.json with your frontend and backend'],
]);

async function load(context: Context, program: Command, overrides: ConfigOverrides = {}): Promise<Config> {
  const { loadConfig } = await import('./config/load.ts');
  const file = [...program.commands, program]
    .map((command) => command.opts<{ config?: string }>().config)
    .find((name) => name !== undefined);
  const { config, warnings } = await loadConfig(context, file, overrides);
  for (const warning of warnings) context.output.warn(warning);
  return config;
}

function report(error: unknown, context: Context): number {
  const { output } = context;
  if (error instanceof CommanderError) {
    // --help and --version end the same way as mistakes do, with exit code 0.
    if (error.exitCode === 0) return EXIT.done;
    return report(
      new JwtDevError('ERR_USAGE', sentence(error), { hint: 'See what is possible with: jwt-dev --help' }),
      context,
    );
  }
  // The reader of our output has gone (`jwt-dev certs | head -1`): there is nobody to tell.
  if (errnoOf(error) === 'EPIPE') return EXIT.done;
  if (!(error instanceof JwtDevError)) {
    return report(
      new JwtDevError('ERR_INTERNAL', `A mistake in jwt-dev itself: ${messageOf(error)}`, {
        hint: 'Please report it with this text. JWT_DEV_DEBUG=1 shows where it happened.',
        cause: error,
      }),
      context,
    );
  }
  if (output.json) {
    const { code, message, hint, details, facts } = error;
    output.result({ error: { code, message, hint: hint ?? null, details, ...facts } }, '');
  }
  output.error(
    [
      `${error.message} (${error.code})`,
      ...error.details.map((detail) => `  - ${detail}`),
      ...(error.hint === undefined ? [] : [error.hint]),
    ].join('\n'),
  );
  if ((context.env['JWT_DEV_DEBUG'] ?? '') !== '' && error.stack !== undefined) {
    output.info(error.stack);
    if (error.cause instanceof Error) output.info(`caused by: ${error.cause.stack}`);
  }
  return error.exitCode;
}

/** Commander's "error: unknown option '--x'\n(Did you mean --y?)" as a sentence of ours. */
function sentence(error: CommanderError): string {
  if (error.code === 'commander.help') return 'No command given';
  const text = error.message.replace(/^error: /, '').replace(/\n\((.*)\)$/, '. $1');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
