import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

export interface DetachOptions {
  readonly node: string;
  readonly script: string;
  /** The command line of the environment; it prints JSON lines. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets what it says on stderr; begun anew. */
  readonly logFile: string;
}

export interface Detached {
  readonly pid: number | undefined;
  /** Its first JSON line: it is ready, or why it is not; null: it ended without one. */
  readonly firstLine: Promise<unknown>;
  readonly exitCode: Promise<number | null>;
  /** Lets go of it: it goes on without us. */
  readonly leave: () => void;
  readonly kill: () => void;
}

/** Starts an environment that outlives this process: a session of its own, no terminal, its output in a file. */
export async function startDetached(options: DetachOptions): Promise<Detached> {
  const log = await open(options.logFile, 'w', 0o600);
  const child = spawn(options.node, [options.script, ...options.args], {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    windowsHide: true,
    // Its later lines find nobody at the other end, which it takes as it takes any reader that has gone.
    stdio: ['ignore', 'pipe', log.fd],
  });
  await log.close();
  const exitCode = once(child, 'exit').then(([code]) => code as number | null);
  const output = child.stdout ?? Readable.from([]);
  const lines = createInterface({ input: output });
  return {
    pid: child.pid,
    firstLine: firstOf(lines),
    exitCode,
    leave: () => {
      lines.close();
      output.destroy();
      child.unref();
    },
    kill: () => void child.kill('SIGTERM'),
  };
}

async function firstOf(lines: AsyncIterable<string>): Promise<unknown> {
  for await (const line of lines) return JSON.parse(line);
  return null;
}

/** The end of a log, for whoever is told that a start failed. */
export async function lastLines(file: string, count: number): Promise<string> {
  const text = await readFile(file, 'utf8');
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
