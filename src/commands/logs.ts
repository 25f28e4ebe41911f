import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export interface LogsOptions extends InstanceOptions {
  readonly follow?: boolean;
}

export function registerLogs(program: Command, act: ActionRunner): void {
  program
    .command('logs')
    .description('print what a detached environment has said')
    .option('-f, --follow', 'go on until it ends, or Ctrl-C')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .addHelpText(
      'before',
      examples([
        ['jwt-dev logs', 'everything since its start'],
        ['jwt-dev logs -f', 'and what comes'],
      ]),
    )
    .action((options: LogsOptions) =>
      act(async (context, loadConfig) => runLogs(options, context, await loadConfig())),
    );
}

/** Prints the log; with `--follow` until the environment has ended or a stop signal comes. */
export async function runLogs(
  options: LogsOptions,
  context: Pick<Context, 'env' | 'output' | 'self' | 'onStopSignal'>,
  config: Config,
): Promise<number> {
  const { called, instancePlace } = await import('./instance.ts');
  const { instanceLogFile, readInstance } = await import('../control/instance.ts');
  const { followLog } = await import('../control/log.ts');
  const place = instancePlace(options, context, config);
  const stop = new AbortController();
  const forget = context.onStopSignal(() => stop.abort());
  const goesOn = async (): Promise<boolean> =>
    options.follow === true && !stop.signal.aborted && (await readInstance(place)).kind === 'running';
  try {
    const found = await followLog(instanceLogFile(place), goesOn, (line) =>
      context.output.event({ event: 'log', line }, line),
    );
    if (found) return EXIT.done;
  } finally {
    forget();
  }
  const instance = await readInstance(place);
  throw new JwtDevError('ERR_NOT_RUNNING', `${called(place)} has no log`, {
    hint:
      instance.kind === 'running'
        ? `It runs in a terminal (process ${instance.record.process.pid}), and that is where it writes.`
        : `Only a detached environment keeps one. Start it with: ${context.self.typed} up --detach`,
  });
}
