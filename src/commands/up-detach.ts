import path from 'node:path';
import type { Config } from '../config/types.ts';
import { type Context, DETACHED_VARIABLE } from '../context.ts';
import { type Detached, lastLines, startDetached } from '../control/detach.ts';
import { type InstancePlace, instanceLogFile, requireFree } from '../control/instance.ts';
import { waitUntilHealthy } from '../control/wait.ts';
import { type ErrorCode, EXIT, JwtDevError } from '../errors.ts';
import { makePrivateDir } from '../system/files.ts';
import { type ReadyLine, readyText } from './up-ready.ts';

/** Longer than an environment waits for servers that it starts itself. */
const HEALTHY_TIMEOUT_MS = 90_000;

/**
 * Starts the same `up` as a process of its own, and returns when it answers in all its parts.
 * @throws JwtDevError with the code that the environment itself failed with; ERR_TIMEOUT where it is not healthy in time.
 */
export async function runDetached(place: InstancePlace, context: Context, config: Config): Promise<number> {
  await requireFree(place);
  const logFile = instanceLogFile(place);
  await makePrivateDir(path.dirname(logFile), context.owner);
  const detached = await startDetached({
    node: context.self.node,
    script: context.self.script,
    args: [...context.self.args.filter((arg) => !OWN_FLAGS.has(arg)), '--json'],
    cwd: context.cwd,
    env: { ...context.env, [DETACHED_VARIABLE]: '1' },
    logFile,
  });
  const given = new AbortController();
  const forget = context.onStopSignal(() => given.abort());
  try {
    const ready = await readyLineOf(detached, logFile, given.signal);
    const outcome = await waitUntilHealthy(place, HEALTHY_TIMEOUT_MS, given.signal);
    if (outcome.kind === 'healthy') {
      const end = `${context.self.typed} down stops it; ${context.self.typed} logs shows what it says.`;
      context.output.event(ready, readyText(ready, config, end, context));
      return EXIT.done;
    }
    throw new JwtDevError('ERR_TIMEOUT', `The environment runs, but is not healthy: ${outcome.why}`, {
      hint: `See: ${context.self.typed} status, and: ${context.self.typed} logs. Stop it with: ${context.self.typed} down`,
    });
  } finally {
    forget();
    if (given.signal.aborted) detached.kill();
    detached.leave();
  }
}

const OWN_FLAGS = new Set(['--detach', '-d', '--json', '--open', '--verify']);

/** The line of a start that went well; else what it said instead becomes our own error. */
async function readyLineOf(detached: Detached, logFile: string, signal: AbortSignal): Promise<ReadyLine> {
  const given = new Promise<null>((resolve) =>
    signal.addEventListener('abort', () => resolve(null), { once: true }),
  );
  const line = await Promise.race([detached.firstLine, given]);
  if (isReady(line)) return line;
  if (signal.aborted) throw new JwtDevError('ERR_INTERRUPTED', 'Given up before the environment was ready');
  const { error } = (line ?? {}) as { readonly error?: FailureLine };
  if (error !== undefined) {
    throw new JwtDevError(error.code, error.message, {
      details: error.details,
      ...(error.hint === null ? {} : { hint: error.hint }),
    });
  }
  throw new JwtDevError(
    'ERR_INTERNAL',
    `The environment ended with code ${await detached.exitCode} before it was ready:\n${await lastLines(logFile, 20)}`,
    { hint: `Its whole output is in ${logFile}` },
  );
}

interface FailureLine {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
}

function isReady(line: unknown): line is ReadyLine {
  return typeof line === 'object' && line !== null && 'event' in line && line.event === 'ready';
}
