import { type ChildProcess, spawn } from 'node:child_process';
import { endTree } from '../../system/kill-tree.ts';
import { CLIENT_LIMIT_MS, type VerifyWorld } from './types.ts';

export interface ProcessResult {
  readonly stdout: string;
  readonly stderr: string;
  /** null: it was ended, or could not be started. */
  readonly exitCode: number | null;
  /** Why it gave no answer of its own; null: it did. */
  readonly failure: string | null;
}

export interface ProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Goes to its stdin: passwords never stand in a list of processes. */
  readonly input?: string;
  readonly cwd?: string;
}

/** In characters, of both outputs. The clients say some hundred; an answer that never ends is a backend's fault. */
const LONGEST_OUTPUT = 4 * 1024 * 1024;

type ProcessWorld = Pick<VerifyWorld, 'platform' | 'run' | 'signal'>;

/**
 * Runs a program to its end in a group of its own; at the time limit, where it says too much, and when verify is given up,
 * all of it is ended.
 */
export async function runProcess(
  file: string,
  args: readonly string[],
  { env, input = '', cwd }: ProcessOptions,
  world: ProcessWorld,
): Promise<ProcessResult> {
  const child = spawn(file, [...args], {
    env,
    cwd,
    detached: world.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const flooded = new Promise<{ readonly exitCode: null; readonly failure: string }>((resolve) => {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (output.stdout.length + output.stderr.length <= LONGEST_OUTPUT) output[name] += text;
        else resolve({ exitCode: null, failure: `more than ${LONGEST_OUTPUT / 1024 ** 2} MiB came` });
      });
    }
  });
  // A program that ends before it has read its input is told by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<{ readonly exitCode: number | null; readonly failure: string | null }>(
    (resolve) => {
      child.once('error', (error) => resolve({ exitCode: null, failure: error.message }));
      child.once('close', (exitCode) => resolve({ exitCode, failure: null }));
    },
  );
  const limit = startLimit(world.signal);
  const result = await Promise.race([ended, limit.reached, flooded]);
  limit.clear();
  if (result.exitCode === null) await endProcess(child, world);
  return { ...output, ...result };
}

/** Ends a client with everything that it has started. */
export async function endProcess(
  child: Pick<ChildProcess, 'pid'>,
  { platform, run }: Pick<VerifyWorld, 'platform' | 'run'>,
): Promise<void> {
  if (child.pid === undefined) return;
  const group = platform === 'win32' ? null : child.pid;
  await endTree(
    { group, pids: [child.pid] },
    { platform, run, procRoot: '/proc', self: null, deadlineMs: 0 },
  );
}

export interface Limit {
  /** Settles when a client has had its time, or when nobody waits for it any more. */
  readonly reached: Promise<{ readonly exitCode: null; readonly failure: string }>;
  readonly clear: () => void;
}

/** Begins the time of one client. */
export function startLimit(signal: AbortSignal): Limit {
  let clear = (): void => undefined;
  const reached = new Promise<{ readonly exitCode: null; readonly failure: string }>((resolve) => {
    const finish = (failure: string): void => resolve({ exitCode: null, failure });
    const giveUp = (): void => finish('given up');
    const timer = setTimeout(() => finish(`no result within ${CLIENT_LIMIT_MS / 1000} s`), CLIENT_LIMIT_MS);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    clear = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    };
  });
  return { reached, clear };
}
