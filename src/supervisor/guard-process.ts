import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { messageOf } from '../errors.ts';
import { endTree } from '../system/kill-tree.ts';
import type { Run } from '../system/run.ts';
import type { FromGuard, ToGuard } from './guard-messages.ts';
import type { CommandSpec, Ending, Timers } from './types.ts';

export interface GuardDeps {
  readonly platform: NodeJS.Platform;
  readonly run: Run;
  /** Node and the guard's script. */
  readonly program: readonly string[];
  readonly timers: Timers;
  /** How long SIGTERM is given to work. Milliseconds. */
  readonly graceMs: number;
}

export interface GuardEvents {
  readonly onStarted: (pid: number) => void;
  readonly onOutput: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
}

/** One run of a command. */
export interface GuardedRun {
  /** Number of the process group, and of the guard that leads it; undefined: it could not be started. */
  readonly group: number | undefined;
  /** Tell it that the command listens. */
  readonly noteListening: () => void;
  readonly prepareClose: () => void;
  readonly stop: (deadlineMs: number) => void;
  /** Fulfilled when no process of the run is left and its output has been handed over. */
  readonly ended: Promise<Ending>;
}

/** A guard that does not end its command within the deadline and this time is ended itself. */
const GUARD_MARGIN_MS = 3_000;
/** A process that made itself independent may hold the output open for ever. */
const OUTPUT_MARGIN_MS = 200;

/** Starts a command below a guard (`runGuard`) in a session of its own, so that a terminal's Ctrl-C reaches us alone. */
export function startGuarded(spec: CommandSpec, deps: GuardDeps, events: GuardEvents): GuardedRun {
  const [node = '', ...args] = deps.program;
  const guard = spawn(node, args, {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // It holds on to no directory of the user's, and takes no options of theirs (NODE_OPTIONS).
    cwd: path.parse(node).root,
    env: guardEnvironment(spec.env),
    ...(spec.runAs === null ? {} : spec.runAs),
  });
  guard.stdout?.on('data', (chunk: Uint8Array) => events.onOutput(chunk, 'stdout'));
  guard.stderr?.on('data', (chunk: Uint8Array) => events.onOutput(chunk, 'stderr'));
  const outputClosed = new Promise<void>((resolve) => void guard.once('close', () => resolve()));

  let last: FromGuard | undefined;
  let commandPid: number | undefined;
  let deadlineMs = deps.graceMs;
  guard.on('message', (message: FromGuard) => {
    if (message.type === 'started') {
      commandPid = message.pid;
      events.onStarted(message.pid);
    } else {
      last = message;
    }
  });
  const send = (message: ToGuard): void => {
    // A guard that is gone is told nothing; its end is seen by itself.
    if (guard.connected) guard.send(message, () => undefined);
  };
  send({ type: 'start', command: spec.command, cwd: spec.cwd, env: spec.env, graceMs: deps.graceMs });

  const ended = (async (): Promise<Ending> => {
    const failure = await gone(guard);
    if (failure !== undefined) return failure;
    const ending = endingOf(last);
    if (ending.kind === 'unguarded') {
      const pids = deps.platform === 'win32' && commandPid !== undefined ? [commandPid] : [];
      await endTree(
        { group: guard.pid ?? null, pids },
        { platform: deps.platform, run: deps.run, procRoot: '/proc', self: null, deadlineMs },
      );
    }
    await untilOr(outputClosed, OUTPUT_MARGIN_MS, deps.timers);
    guard.stdout?.destroy();
    guard.stderr?.destroy();
    return ending;
  })();
  return {
    group: guard.pid,
    noteListening: () => send({ type: 'listening' }),
    prepareClose: () => send({ type: 'prepare-close' }),
    stop: (limitMs) => {
      deadlineMs = limitMs;
      send({ type: 'stop', deadlineMs: limitMs });
      const cancel = deps.timers.after(limitMs + GUARD_MARGIN_MS, () => void guard.kill('SIGKILL'));
      guard.once('exit', cancel);
    },
    ended,
  };
}

/** Waits for the guard's end; answers why there never was one. */
function gone(guard: ChildProcess): Promise<Ending | undefined> {
  return new Promise((resolve) => {
    guard.once('exit', () => resolve(undefined));
    guard.once('error', (error) => {
      if (guard.pid !== undefined) return;
      resolve({
        kind: 'unstartable',
        reason: `no process could be started: ${messageOf(error)}`,
        hint: 'The system may be out of processes or memory.',
      });
    });
  });
}

function endingOf(last: FromGuard | undefined): Ending {
  if (last?.type === 'unstartable') return unstartable(last);
  if (last?.type !== 'ended') return { kind: 'unguarded' };
  if (last.code !== null) return { kind: 'exit', code: last.code };
  return { kind: 'signal', signal: last.signal ?? 'SIGKILL' };
}

function unstartable({ errno, message }: { readonly errno: string; readonly message: string }): Ending {
  if (errno === 'ENOENT') {
    return {
      kind: 'unstartable',
      reason: 'there is no such program',
      hint: 'Check "command" in the configuration, and install what it needs: npm install',
    };
  }
  return {
    kind: 'unstartable',
    reason: `it could not be started: ${message}`,
    hint: 'Check "command" in the configuration.',
  };
}

const GUARD_VARIABLES = ['HOME', 'PATH', 'Path', 'SystemRoot', 'windir', 'TEMP', 'TMP', 'TMPDIR'] as const;

function guardEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    GUARD_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

/** Waits for something, but not longer than that; leaves no timer behind. */
function untilOr(done: Promise<void>, limitMs: number, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(limitMs, resolve);
    void done.then(() => {
      cancel();
      resolve();
    });
  });
}
