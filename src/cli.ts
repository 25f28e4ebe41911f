import type { CommanderError } from 'commander';
import { EXIT, errnoOf, JwtDevError, messageOf } from './errors.ts';
import type { Output } from './output.ts';
import { ownArguments } from './system/own-arguments.ts';
import { readVersion } from './version.ts';

/**
 * Runs one command line and answers the exit code. The only place that catches, prints errors and chooses that code.
 * @param print writes to stdout, for the one answer that needs nothing else.
 */
export async function main(argv: readonly string[], print: (text: string) => void): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    // Scripts and prompts ask for it at every turn: it waits for no parser and no command to load.
    print(`${readVersion()}\n`);
    return EXIT.done;
  }
  const { createContext, createProcessOutput } = await import('./context.ts');
  const { own, wraps } = ownArguments(argv);
  const output = createProcessOutput(own);
  try {
    const context = createContext(output);
    const { runProgram } = await import('./program.ts');
    return await runProgram(argv, context);
  } catch (error) {
    return exitCodeOf(report(error, output), wraps);
  }
}

/** Where the command's own exit code becomes ours, a failure of ours must not be taken for one of the command. */
function exitCodeOf(code: number, wraps: boolean): number {
  const couldNotRun: readonly number[] = [EXIT.done, EXIT.notExecutable, EXIT.notFound];
  return wraps && !couldNotRun.includes(code) ? EXIT.wrapperFailed : code;
}

function report(error: unknown, output: Output): number {
  if (isCommanderError(error)) {
    // --help and --version end the same way as mistakes do, with exit code 0.
    if (error.exitCode === 0) return EXIT.done;
    return report(
      new JwtDevError('ERR_USAGE', sentence(error), { hint: 'See what is possible with: jwt-dev --help' }),
      output,
    );
  }
  if (!(error instanceof JwtDevError)) {
    return report(
      new JwtDevError('ERR_INTERNAL', `A mistake in jwt-dev itself: ${messageOf(error)}`, {
        hint: 'Please report it with this text. JWT_DEV_DEBUG=1 shows where it happened.',
        cause: error,
      }),
      output,
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
  if (output.debug && error.stack !== undefined) {
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

/** By its shape: its class would have to be loaded to compare. */
function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && errnoOf(error)?.startsWith('commander.') === true && 'exitCode' in error;
}
