/** Outside commands: always an argument array, never a shell string; one injected function. */

export interface RunOptions {
  readonly cwd?: string;
  /** Replaces the whole environment of the child where given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Milliseconds; the child is ended and `timedOut` is set. Default 30,000. */
  readonly timeoutMs?: number;
  /** 'inherit' hands the terminal to the child (sudo asking for a password). */
  readonly stdio?: 'pipe' | 'inherit';
}

export interface RunResult {
  /** undefined: the program was not found, could not be started, or ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** ENOENT, EACCES, … when the program could not be started. */
  readonly errno: string | undefined;
  readonly timedOut: boolean;
}

export type Run = (file: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/** Runs one command to its end and never throws for its failure: the caller reads the result. */
export const runCommand: Run = async (file, args, options = {}) => {
  const { execa } = await import('execa');
  const result = await execa(file, [...args], {
    reject: false,
    stdin: options.input === undefined ? (options.stdio === 'inherit' ? 'inherit' : 'ignore') : 'pipe',
    stdout: options.stdio ?? 'pipe',
    stderr: options.stdio ?? 'pipe',
    timeout: options.timeoutMs ?? 30_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env, extendEnv: false }),
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  return {
    exitCode: result.exitCode,
    stdout: result.stdout ?? '',
    stderr: result.stderr ?? '',
    errno: result.failed && 'code' in result && typeof result.code === 'string' ? result.code : undefined,
    timedOut: result.timedOut,
  };
};
