import os from 'node:os';
import { JwtDevError, messageOf } from '../errors.ts';
import type { Run } from './run.ts';
import { isInForeground } from './terminal-group.ts';

export interface ChildWorld {
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** Our own. */
  readonly pid: number;
  readonly run: Run;
  /** Calls back for each stop signal that we get, until the returned function is called. */
  readonly onStopSignal: (listener: (signal: NodeJS.Signals) => void) => () => void;
}

/**
 * Runs a command of the user's to its end with our own stdin, stdout and stderr, and passes stop signals on to it. A
 * Ctrl-C reaches it from the terminal without us; told twice, many programs stop at once instead of tidily.
 * @returns its exit code; for a signal 128 and its number, as shells have it (POSIX, "Exit Status for Commands").
 * @throws JwtDevError ERR_COMMAND_NOT_FOUND (127), ERR_COMMAND_NOT_EXECUTABLE (126)
 */
export async function runChild(command: string, args: readonly string[], world: ChildWorld): Promise<number> {
  const { execa } = await import('execa');
  const child = execa(command, [...args], {
    cwd: world.cwd,
    env: world.env,
    extendEnv: false,
    stdio: 'inherit',
    reject: false,
    // How long it takes to stop is its own affair.
    forceKillAfterDelay: false,
  });
  const forget = world.onStopSignal((signal) => {
    void passOn(signal, (name) => child.kill(name), world);
  });
  try {
    const result = await child;
    if (result.exitCode !== undefined) return result.exitCode;
    if (result.signal !== undefined) return 128 + os.constants.signals[result.signal];
    throw notStarted(command, result);
  } finally {
    forget();
  }
}

async function passOn(
  signal: NodeJS.Signals,
  kill: (signal: NodeJS.Signals) => void,
  world: ChildWorld,
): Promise<void> {
  if (signal === 'SIGINT' && (await isInForeground(world.pid, world))) return;
  kill(signal);
}

function notStarted(
  command: string,
  failure: { readonly code?: string | undefined; readonly cause?: unknown },
): JwtDevError {
  const { cause } = failure;
  if (failure.code === 'ENOENT') {
    return new JwtDevError('ERR_COMMAND_NOT_FOUND', `There is no command "${command}"`, {
      cause,
      hint: 'Programs of the project itself are found with npx in front: npx playwright test',
    });
  }
  return new JwtDevError(
    'ERR_COMMAND_NOT_EXECUTABLE',
    `"${command}" cannot be run: ${failure.code === 'EACCES' ? 'it is not executable' : messageOf(cause)}`,
    { cause },
  );
}
