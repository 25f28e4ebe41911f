import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliOptions {
  readonly bin: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
}

/** A world of its own: no home, no proxy and no settings of the machine that runs the tests. */
export function cleanEnv(home: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', ...extra };
}

/** Runs the command line to its end. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const child = start(args, options);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode: exitCode as number | null, stdout, stderr };
}

export interface RunningUp {
  readonly child: ChildProcess;
  readonly ready: ReadyLine;
  /** Everything on stderr so far. */
  readonly stderr: () => string;
  /** Sends a signal and answers the exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

export interface ReadyLine {
  readonly event: 'ready';
  readonly mode: 'hosts' | 'rootless';
  readonly proxy: string | null;
  readonly frontend: string;
  readonly api: string;
  readonly control: string;
  readonly inspector: string | null;
  readonly caFile: string;
  readonly httpsPort: number;
  readonly httpPort: number | null;
  readonly pid: number;
  readonly users: readonly { username: string; password: string; email: string }[];
}

/** Starts `up --json` and waits for its ready line. */
export async function startUp(args: readonly string[], options: CliOptions): Promise<RunningUp> {
  const child = start(['up', '--json', ...args], options);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const lines = createInterface({ input: child.stdout });
  const ready = await Promise.race([
    (async () => {
      for await (const line of lines) {
        const event = JSON.parse(line) as ReadyLine | { event?: string };
        if (event.event === 'ready') return event as ReadyLine;
      }
      return undefined;
    })(),
    closed.then(() => undefined),
  ]);
  if (ready === undefined) {
    const [code] = await closed;
    throw new Error(`up ended with ${code} before it was ready:\n${stderr}`);
  }
  child.stdout.resume();
  return {
    child,
    ready,
    stderr: () => stderr,
    stop: async (signal = 'SIGINT') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code] = await closed;
      return code;
    },
  };
}

function start(args: readonly string[], options: CliOptions) {
  return spawn(options.node ?? process.execPath, [options.bin, ...args], {
    cwd: options.cwd,
    env: { ...(options.env ?? cleanEnv(options.cwd)) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
