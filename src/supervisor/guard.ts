import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { execa as Execa } from 'execa';
import { errnoOf, messageOf } from '../errors.ts';
import { endTree, selectTree } from '../system/kill-tree.ts';
import { listProcesses } from '../system/process-table.ts';
import { runCommand } from '../system/run.ts';
import type { FromGuard, ToGuard } from './guard-messages.ts';

/** Between the end of a process and Node's event for it lies a turn of the event loop. */
const EXIT_EVENT_MS = 1_000;

/**
 * How often the guard notes who descends from the command, for the case that it crashes: its workers are nobody's
 * children then. Linux only, where a look takes 2 ms; `ps` would cost more than it gives.
 */
const NOTES_MS = 1_000;
/** The first look comes sooner, and the time between two doubles: who crashes often does so at the start. */
const FIRST_NOTES_MS = 60;

const STDIO: ['pipe', 'inherit', 'inherit'] = ['pipe', 'inherit', 'inherit'];

type Start = Extract<ToGuard, { readonly type: 'start' }>;

/**
 * The life of a guard: a small process that leads the process group of one command, and so knows when we are gone.
 *
 * It runs the command, and when the command ends, when it is told to or when the supervisor is gone (the channel to
 * it closes, also after SIGKILL), it ends every process that the command left. It loads next to nothing: one runs
 * beside each command.
 * @param host the guard's own process, made by `spawnGuard`.
 */
export function runGuard(host: NodeJS.Process): void {
  const hurry = new AbortController();
  let child: ChildProcess | undefined;
  let graceMs = 0;
  let closePrepared = false;
  let ended: FromGuard = { type: 'ended', code: null, signal: null };
  let ending: Promise<void> | undefined;
  let notes: ReadonlyMap<number, string> = new Map();

  const report = (message: FromGuard, then: () => void = () => undefined): void => {
    // Without a supervisor there is nobody to be told; the error of a closing channel says no more than that.
    if (host.send === undefined || !host.connected) then();
    else host.send(message, () => then());
  };
  /** The first call decides what is ended; a later one may only make it faster. */
  const end = (deadlineMs: number, known: ReadonlyMap<number, string> = new Map()): void => {
    ending ??= finish(deadlineMs, known);
    setTimeout(() => hurry.abort(), deadlineMs);
  };
  const finish = async (deadlineMs: number, known: ReadonlyMap<number, string>): Promise<void> => {
    await endTree(
      host.platform === 'win32'
        ? { group: null, pids: child?.pid === undefined ? [] : [child.pid] }
        : { group: host.pid, pids: [] },
      {
        platform: host.platform,
        run: runCommand,
        procRoot: '/proc',
        self: host.pid,
        deadlineMs,
        hurry: hurry.signal,
        known,
      },
    );
    // Nothing of it runs any more; how it ended is told in a moment.
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      await once(child, 'exit', { signal: AbortSignal.timeout(EXIT_EVENT_MS) }).catch(ignoreTimeout);
    }
    report(ended, () => host.exit(0));
  };
  const takeNotes = async (): Promise<void> => {
    const table = await listProcesses({ platform: host.platform, run: runCommand, procRoot: '/proc' });
    if (ending !== undefined) return;
    notes = new Map(
      selectTree(table, { group: host.pid, pids: [] }).map(({ pid, startedAt }) => [pid, startedAt]),
    );
  };
  const keepTakingNotes = (pauseMs: number): void => {
    setTimeout(() => {
      void takeNotes();
      keepTakingNotes(Math.min(NOTES_MS, pauseMs * 2));
    }, pauseMs);
  };
  const start = (message: Start): void => {
    graceMs = message.graceMs;
    startCommand(message, host.platform).then(
      (started) => {
        child = started;
        if (host.platform === 'linux') keepTakingNotes(FIRST_NOTES_MS);
        report({ type: 'started', pid: started.pid ?? 0 });
        started.once('exit', (code, signal) => {
          ended = { type: 'ended', code, signal };
          end(graceMs, notes);
        });
      },
      (error: unknown) => {
        ended = { type: 'unstartable', errno: errnoOf(error) ?? '', message: messageOf(error) };
        end(0);
      },
    );
  };

  host.on('message', (message: ToGuard) => {
    switch (message.type) {
      case 'start':
        start(message);
        break;
      case 'stop':
        end(message.deadlineMs);
        break;
      case 'listening':
        if (host.platform === 'linux') void takeNotes();
        break;
      case 'prepare-close':
        closePrepared = true;
        break;
    }
  });
  host.on('disconnect', () => {
    end(closePrepared ? 0 : graceMs);
  });
  // Whoever ends the guard wants the command ended. It must outlive the rest of its group to see to it.
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) host.on(name, () => end(graceMs));
}

function ignoreTimeout(error: unknown): void {
  if (errnoOf(error) !== 'ABORT_ERR') throw error;
}

/**
 * Starts the command in our own process group, its output going straight to the supervisor. Its input stays open and
 * empty: esbuild, Tailwind and others take the end of their input for the wish to stop.
 * @throws the errno of a program that could not be started.
 */
async function startCommand(message: Start, platform: NodeJS.Platform): Promise<ChildProcess> {
  // npm.cmd and its like need a shell on Windows, and their arguments its quotes (CVE-2024-27980): execa knows how.
  const execa =
    platform === 'win32' && typeof message.command !== 'string' ? (await import('execa')).execa : undefined;
  const child = spawnCommand(message, execa);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  // It may close its input; we never write to it.
  child.stdin?.on('error', () => undefined);
  return child;
}

/** A line goes to the platform's shell, `sh -c` or `cmd.exe /d /s /c`, as npm gives it its scripts. */
function spawnCommand({ command, cwd, env }: Start, execa: typeof Execa | undefined): ChildProcess {
  const options = { cwd, env: { ...env }, stdio: STDIO };
  if (typeof command === 'string') return spawn(command, { ...options, shell: true, windowsHide: true });
  const [file = '', ...args] = command;
  if (execa === undefined) return spawn(file, args, options);
  const child: ChildProcess = execa(file, args, {
    ...options,
    extendEnv: false,
    reject: false,
    buffer: false,
  });
  return child;
}
