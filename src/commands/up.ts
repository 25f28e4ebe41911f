import type { Command } from 'commander';
import type { ConfigOverrides } from '../config/overrides.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import type { RunningEnvironment } from '../environment/start.ts';
import { EXIT } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';

export interface UpOptions extends ConfigOverrides {
  readonly dryRun?: boolean;
}

/** How long requests in flight may take after Ctrl-C. */
const STOP_DEADLINE_MS = 5_000;

export function registerUp(program: Command, act: ActionRunner): void {
  program
    .command('up')
    .description('start the environment and print its URLs; Ctrl-C stops it')
    .option('--https-port <port>', 'TLS port; 0: any free one (default: 443)')
    .option('--http-port <port>', 'port of the redirect; 0: any free one, "none": no redirect (default: 80)')
    .option('--strict-port', 'fail instead of falling back to another port')
    .option('--frontend <upstream>', 'port or URL of your frontend, for this run')
    .option('--api <upstream>', 'port or URL of your backend, for this run')
    .option('--apply-hosts', 'write missing hosts entries without asking')
    .option('--dry-run', 'show what would be done and do nothing')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev up', 'https://example.com and https://api.example.com'],
        ['jwt-dev up --frontend 5173', 'your Vite server at https://example.com'],
        ['jwt-dev up --api 8000', 'your Django at https://api.example.com'],
        ['jwt-dev up --https-port 8443', 'a port that needs no privilege'],
      ]),
    )
    .action((options: UpOptions) =>
      act(async (context, loadConfig) => runUp(options, context, await loadConfig(options))),
    );
}

/** Runs the environment until a stop signal and answers the exit code: 0 after a clean stop. */
export async function runUp(options: UpOptions, context: Context, config: Config): Promise<number> {
  if (options.dryRun === true) {
    const { planUp, formatUpPlan } = await import('./up-plan.ts');
    const plan = await planUp(config, context);
    context.output.result(plan, formatUpPlan(plan));
    return EXIT.done;
  }
  const stop = stopSignal(context);
  const { startEnvironment } = await import('../environment/start.ts');
  const environment = await startEnvironment(config, {
    ...context,
    onWarning: (text) => context.output.warn(text),
  });
  let closeHosts = async (): Promise<void> => undefined;
  try {
    if (!stop.requested()) closeHosts = await announce(environment, config, context);
    await stop.signal;
  } finally {
    await closeAll([() => environment.close(STOP_DEADLINE_MS), closeHosts]);
  }
  context.output.event({ event: 'stopped' });
  return EXIT.done;
}

/** Settles the hosts file, then says that everything is ready. Answers what takes leased entries out again. */
async function announce(
  environment: RunningEnvironment,
  config: Config,
  context: Context,
): Promise<() => Promise<void>> {
  const { output } = context;
  const { settleHosts } = await import('./up-hosts.ts');
  const { readyLine, readyText } = await import('./up-ready.ts');
  for (const sentence of environment.issued) output.info(sentence);
  for (const notice of environment.notices) output.warn(notice);
  const hosts = await settleHosts(config, context);
  output.event(readyLine(environment, context), readyText(environment, config, output));
  if (hosts.advice !== null) output.warn(hosts.advice);
  if (environment.caIsNew) output.info(`Browsers do not trust it yet. Run: ${context.self.typed} trust`);
  return hosts.close;
}

/** Waits for all of them, whichever fails; the first failure is thrown. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const results = await Promise.allSettled(closers.map((close) => close()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

interface Stop {
  readonly signal: Promise<NodeJS.Signals>;
  readonly requested: () => boolean;
}

/** The first stop signal. A second one ends the process at once, with the code that shells give for it. */
function stopSignal(context: Context): Stop {
  let requested = false;
  const signal = new Promise<NodeJS.Signals>((resolve) => {
    context.onStopSignal((name) => {
      if (requested) context.exitNow(name === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted);
      requested = true;
      context.output.info(`Stopping (${name}); once more ends it at once.`);
      resolve(name);
    });
  });
  return { signal, requested: () => requested };
}
