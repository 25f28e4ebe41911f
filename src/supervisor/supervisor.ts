import { stat } from 'node:fs/promises';
import { errnoOf, messageOf } from '../errors.ts';
import type { Run } from '../system/run.ts';
import type { ServerProcess } from '../system/server-process.ts';
import { createCommandOutput } from './command-output.ts';
import { type GuardedRun, startGuarded } from './guard-process.ts';
import { listeningPorts } from './listening-ports.ts';
import { acceptsConnections } from './probe.ts';
import { asUnstartable, endingText, nextStep } from './restart-policy.ts';
import { elsewhereMessage, endingMessage } from './sayings.ts';
import { systemTimers } from './timers.ts';
import type { CommandSpec, Ending, SupervisedCommand, Timers } from './types.ts';
import { type PortWatch, watchPort } from './watch-port.ts';

export interface SupervisorDeps {
  readonly platform: NodeJS.Platform;
  readonly run: Run;
  /** Node and the script that calls `runGuard`. */
  readonly guard: readonly string[];
  /** Lines keep their colours. */
  readonly colour: boolean;
  /** One line of the command's output, without its line end. */
  readonly onLine: (line: string) => void;
  /** What the user must know: that it ended, that it cannot be started. */
  readonly onWarning: (text: string) => void;
  /** It listens on that port; called again when another run of it chose another one. */
  readonly onListening: (port: number) => void;
  readonly timers?: Timers;
  /** How long SIGTERM is given to work when the command ended by itself or we are killed. Milliseconds. */
  readonly graceMs?: number;
}

const GRACE_MS = 5_000;
/** A start that failed before and lives that long has not failed again. */
const STARTED_AFTER_MS = 1_500;

/** Keeps a command running until it is closed. What happens when it ends: `nextStep`. */
export function supervise(spec: CommandSpec, deps: SupervisorDeps): SupervisedCommand {
  const timers = deps.timers ?? systemTimers;
  const commandText = typeof spec.command === 'string' ? spec.command : spec.command.join(' ');
  const assigned = { port: spec.port, isFixed: spec.portIsFixed };
  const warn = (text: string): void => deps.onWarning(`${spec.name}: ${text}`);

  let state: ServerProcess['state'] = 'starting';
  let pid: number | null = null;
  let port = spec.port;
  let last: Ending | null = null;
  const closing = new AbortController();
  let current: GuardedRun | undefined;
  let watch: PortWatch | undefined;
  const isClosing = (): boolean => closing.signal.aborted;
  let cancelPause = (): void => undefined;
  let settle: (listens: boolean) => void = () => undefined;
  const settled = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const output = createCommandOutput(deps.colour, deps.onLine, (line) => watch?.read(line));

  /** One run from its start to the end of its last process. */
  const runOnce = async (delayBeforeMs: number | null): Promise<ReturnType<typeof nextStep>> => {
    state = 'starting';
    const quiet = last?.kind === 'unstartable';
    const lines = output.begin(quiet);
    const startedAt = timers.now();
    let listened = false;
    const cancelRelease = timers.after(STARTED_AFTER_MS, lines.release);
    const found = (where: number): void => {
      lines.release();
      current?.noteListening();
      listened = true;
      state = 'running';
      port = where;
      settle(true);
      deps.onListening(where);
    };
    const raw = (await missingDirectory(spec.cwd)) ?? (await guarded(lines.push, found));
    cancelRelease();
    watch?.close();
    lines.end();
    pid = null;
    const ending = asUnstartable(raw, typeof spec.command === 'string', listened);
    const step = nextStep({ ending, livedMs: timers.now() - startedAt, listened, delayBeforeMs });
    const known =
      last?.kind === 'unstartable' && ending.kind === 'unstartable' && last.reason === ending.reason;
    if (!isClosing() && !known) warn(endingMessage(commandText, ending, step));
    last = ending;
    return step;
  };
  const guarded = async (
    push: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void,
    found: (where: number) => void,
  ): Promise<Ending> => {
    if (isClosing()) return { kind: 'signal', signal: 'SIGTERM' };
    const graceMs = deps.graceMs ?? GRACE_MS;
    const guardDeps = { platform: deps.platform, run: deps.run, program: deps.guard, timers, graceMs };
    const running = startGuarded(spec, guardDeps, {
      onOutput: push,
      onStarted: (started) => {
        pid = started;
        if (running.group !== undefined) watch = look(running.group, found);
      },
    });
    current = running;
    const ending = await running.ended;
    current = undefined;
    return ending;
  };
  const look = (group: number, found: (where: number) => void): PortWatch =>
    watchPort(
      assigned,
      {
        timers,
        accepts: acceptsConnections,
        listening: () => listeningPorts(group, { platform: deps.platform, run: deps.run, procRoot: '/proc' }),
        onError: (error) => warn(`Where it listens could not be found out: ${messageOf(error)}`),
      },
      found,
      (ports) => warn(elsewhereMessage(commandText, assigned, ports)),
    );
  const keepRunning = async (): Promise<void> => {
    let delayMs: number | null = null;
    while (!isClosing()) {
      const step = await runOnce(delayMs);
      if (step.action === 'stop') break;
      if (isClosing()) break;
      state = 'waiting to restart';
      delayMs = step.delayMs;
      await new Promise<void>((resolve) => {
        const cancel = timers.after(step.delayMs, resolve);
        cancelPause = () => {
          cancel();
          resolve();
        };
      });
    }
    state = 'stopped';
    settle(false);
  };
  const life = keepRunning().catch((error: unknown) => {
    state = 'stopped';
    settle(false);
    warn(`It is not watched over any more: ${messageOf(error)}`);
  });
  const prepareClose = (): void => {
    closing.abort();
    current?.prepareClose();
    cancelPause();
  };
  return {
    name: spec.name,
    port: () => port,
    facts: () => ({
      command: commandText,
      state,
      pid,
      lastExit: last === null ? null : endingText(last),
      lastLines: output.lastLines(),
    }),
    whenListening: () => settled,
    prepareClose,
    close: async (deadlineMs) => {
      prepareClose();
      current?.stop(deadlineMs);
      await life;
    },
  };
}

async function missingDirectory(cwd: string): Promise<Ending | undefined> {
  const hint = 'Correct "cwd" in the configuration';
  try {
    if ((await stat(cwd)).isDirectory()) return undefined;
    return { kind: 'unstartable', reason: `${cwd} is not a directory`, hint };
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR' && errnoOf(error) !== 'EACCES')
      throw error;
    const reason = errnoOf(error) === 'EACCES' ? `${cwd} may not be entered` : `there is no directory ${cwd}`;
    return { kind: 'unstartable', reason, hint };
  }
}
