import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { type Claim, claimInstance, type InstancePlace, instanceLogFile } from '../control/instance.ts';
import type { RunningEnvironment } from '../environment/start.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { instancePlace } from './instance.ts';
import type { UpOptions } from './up.ts';
import { findingReporter, findingsSummary } from './up-findings.ts';
import type { SettledHosts } from './up-hosts.ts';
import { factsOf } from './up-ready.ts';
import { type Stop, stopRequests } from './up-stop.ts';

/** How long requests in flight may take after Ctrl-C. */
const STOP_DEADLINE_MS = 5_000;

/**
 * Runs the environment until a stop signal, or until the command behind `--` ends; or starts it to run by itself.
 * @returns the exit code: the command's own, else 0 after a clean stop.
 */
export async function runUp(
  command: readonly string[],
  options: UpOptions,
  context: Context,
  config: Config,
): Promise<number> {
  if (options.dryRun === true) {
    const { planUp, formatUpPlan } = await import('./up-plan.ts');
    const plan = await planUp(config, context);
    context.output.result(plan, formatUpPlan(plan));
    return EXIT.done;
  }
  const place = instancePlace(options, context, config);
  if (options.detach === true) {
    if (command.length > 0) {
      throw new JwtDevError('ERR_USAGE', '--detach and a command behind -- exclude each other', {
        hint: `Start it first: ${context.self.typed} up --detach. Then: ${context.self.typed} exec -- ${command.join(' ')}`,
      });
    }
    const { runDetached } = await import('./up-detach.ts');
    const code = await runDetached(place, context, config);
    if (code !== EXIT.done || options.verify !== true) return code;
    const { verifyEnvironment } = await import('./up-verify.ts');
    const { onStopSignal } = context;
    const isGood = await verifyEnvironment(place, { isCommand: false, onStopSignal }, context, config);
    return isGood ? EXIT.done : EXIT.drift;
  }
  const claim = await claimInstance(place, {
    ...context,
    logFile: context.isDetached ? instanceLogFile(place) : null,
  });
  try {
    return await runClaimed(claim, { command, options, place }, context, config);
  } finally {
    await claim.release();
  }
}

interface Wanted {
  readonly command: readonly string[];
  readonly options: UpOptions;
  readonly place: InstancePlace;
}

/** One run, from the start to the end, as the holder of its place. */
async function runClaimed(
  claim: Claim,
  { command, options, place }: Wanted,
  context: Context,
  config: Config,
): Promise<number> {
  const { output } = context;
  if (claim.stale !== null) {
    output.info(`An earlier environment (process ${claim.stale.process.pid}) had ended without tidying up.`);
  }
  const stop = stopRequests(context);
  const { startEnvironment } = await import('../environment/start.ts');
  const { commandConversation, waitForCommands } = await import('./up-upstreams.ts');
  let hosts: SettledHosts = { advice: null, close: async () => undefined };
  const findings = findingReporter(context);
  let environment: RunningEnvironment | undefined;
  let exitCode: number = EXIT.done;
  try {
    environment = await startEnvironment(config, {
      ...context,
      control: { secret: claim.secret, stop: () => stop.request('jwt-dev down') },
      ask: context.interactive ? context.confirm : null,
      onListening: async (mode) => {
        if (mode === 'hosts' && !stop.requested()) hosts = await settle(config, context);
        context.dropPrivileges?.();
      },
      onFinding: findings.onFinding,
      onWarning: (text) => output.warn(text),
      conversation: commandConversation(config, context),
    });
    await waitForCommands(environment, output, stop.signal);
    if (!stop.requested()) {
      const { announce } = await import('./up-announce.ts');
      await claim.publish(factsOf(environment));
      announce(environment, { hosts, isCommand: command.length > 0 }, config, context);
      findings.open();
      if (options.open === true) await openBrowser(environment, config, context);
      if (options.verify === true && !(await verify({ command, options, place }, stop, context, config))) {
        exitCode = EXIT.drift;
      } else if (command.length > 0) exitCode = await runCommand(command, environment, stop, context, config);
      else await stop.signal;
    }
  } finally {
    await closeAll([async () => environment?.close(STOP_DEADLINE_MS), () => hosts.close()]);
  }
  const summary = environment && findingsSummary(await environment.findings());
  if (summary !== undefined) output.info(summary);
  if (command.length === 0) output.event({ event: 'stopped' });
  return exitCode;
}

async function settle(config: Config, context: Context): Promise<SettledHosts> {
  const { settleHosts } = await import('./up-hosts.ts');
  // Where root is given up next, a lease must not count on it at its end.
  const staysRoot = context.isRoot && context.dropPrivileges === null;
  return settleHosts(config, { ...context, isRoot: staysRoot });
}

/** @returns false: something failed, and there is a command that must not run, or nobody who would look into it. */
async function verify(
  { command, place }: Wanted,
  stop: Stop,
  context: Context,
  config: Config,
): Promise<boolean> {
  const { verifyEnvironment } = await import('./up-verify.ts');
  const isCommand = command.length > 0;
  try {
    const wish = { isCommand, onStopSignal: stop.listen };
    if (await verifyEnvironment(place, wish, context, config)) return true;
  } catch (error) {
    // Whoever stops the environment stops this with it; a command that was not run has not succeeded.
    if (isCommand || !(error instanceof JwtDevError) || error.code !== 'ERR_INTERRUPTED') throw error;
    return true;
  }
  return context.interactive && !isCommand;
}

/** Runs the user's command against the environment. Whoever wants the environment ended wants the command ended first. */
async function runCommand(
  [file = '', ...args]: readonly string[],
  environment: RunningEnvironment,
  stop: Stop,
  context: Context,
  config: Config,
): Promise<number> {
  const { prepareClient } = await import('../environment/client.ts');
  const { runChild } = await import('../system/child.ts');
  const { env } = await prepareClient(environment, { ...context, stateDir: config.stateDir });
  return runChild(file, args, { ...context, env, onStopSignal: stop.listen });
}

/** A browser that cannot be had is no reason to end what runs. */
async function openBrowser(environment: RunningEnvironment, config: Config, context: Context): Promise<void> {
  const { openProjectBrowser } = await import('./open-act.ts');
  try {
    await openProjectBrowser({ environment, url: environment.frontend }, config, context);
  } catch (error) {
    if (!(error instanceof JwtDevError)) throw error;
    context.output.warn([error.message, error.hint].filter((text) => text !== undefined).join('\n'));
  }
}

/** Waits for all of them, whichever fails; the first failure is thrown. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const results = await Promise.allSettled(closers.map((close) => close()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
