import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { EXIT, errnoOf, JwtDevError } from './errors.ts';
import { createOutput, type Output, wantsColour } from './output.ts';
import type { Owner } from './system/files.ts';
import { invocationText } from './system/invocation.ts';
import { type Paths, resolvePaths } from './system/paths.ts';
import { type Run, runCommand } from './system/run.ts';
import { readVersion } from './version.ts';

/** Everything a command may know of the world it runs in. The only file that reads `process`. */
export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly paths: Paths;
  readonly isRoot: boolean;
  /** Whose new files are: null = whoever runs us; under sudo the calling user. */
  readonly owner: Owner | null;
  /** Under sudo: makes this process the calling user's, for good. null: there is nothing to give up. */
  readonly dropPrivileges: (() => void) | null;
  readonly pid: number;
  /** A person sits at both ends, and CI is not set: questions may be asked. */
  readonly interactive: boolean;
  /** Started by `up --detach`: nobody reads what it says now, so it is kept. */
  readonly isDetached: boolean;
  readonly version: string;
  /** What is piped in; never called where stdin is a terminal. */
  readonly input: {
    readonly isTerminal: boolean;
    /** All of stdin; null: there are more bytes than that. */
    readonly read: (limitBytes: number) => Promise<Buffer | null>;
  };
  /** Absolute: how to run this very program again. */
  readonly self: {
    readonly node: string;
    readonly script: string;
    /** As the user types it: `npx jwt-dev`. */
    readonly typed: string;
    /** What stands behind the program's name on the command line. */
    readonly args: readonly string[];
  };
  readonly output: Output;
  readonly run: Run;
  readonly now: () => Date;
  /** Asks a yes/no question in the terminal; never called unless `interactive`. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Lets a person choose in the terminal; undefined: given up (Ctrl-C). Never called unless `interactive`. */
  readonly choose: <Value>(
    question: string,
    choices: readonly { readonly value: Value; readonly label: string }[],
  ) => Promise<Value | undefined>;
  /** Calls back for each SIGINT, SIGTERM and SIGHUP until the returned function is called. */
  readonly onStopSignal: (listener: (signal: NodeJS.Signals) => void) => () => void;
  /** Ends the process at once: for a second Ctrl-C, and nothing else. */
  readonly exitNow: (code: number) => void;
}

/**
 * The two streams as commands use them. Made before everything else, so that a failure of the rest can be told.
 * @param argv read for `--json` before it is parsed: a mistake in it must be reported as JSON too.
 */
export function createProcessOutput(argv: readonly string[]): Output {
  const { env } = process;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => {
    // The reader has gone (`jwt-dev --help | head -1`), or the terminal has: there is nobody to be told.
    if (['EPIPE', 'EIO', 'EBADF'].includes(errnoOf(error) ?? '')) return;
    process.stderr.write(`error: The answer could not be written: ${error.message}\n`);
    process.once('exit', () => {
      process.exitCode = EXIT.failed;
    });
  });
  const ownArguments = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return createOutput(
    {
      writeOut: (text) => process.stdout.write(text),
      writeError: (text) => process.stderr.write(text),
      colourOut: wantsColour(env, isatty(1)),
      colourError: wantsColour(env, isatty(2)),
    },
    ownArguments.includes('--json'),
    isSet(env['JWT_DEV_DEBUG']),
  );
}

/** @throws JwtDevError ERR_USAGE where the working directory or the home directory cannot be used. */
export function createContext(output: Output): Context {
  const { env, platform } = process;
  const cwd = workingDirectory();
  const owner = isRootNow() ? sudoOwner(env) : null;
  const homeDir = (owner && homeOf(owner.uid, platform, env)) ?? ownHome(env);
  const script = fileURLToPath(new URL('../bin/jwt-dev.js', import.meta.url));
  return {
    cwd,
    env,
    platform,
    homeDir,
    paths: resolvePaths(platform, env, homeDir, cwd),
    get isRoot() {
      return isRootNow();
    },
    owner,
    dropPrivileges: owner === null ? null : () => become(owner, homeDir),
    pid: process.pid,
    isDetached: takeMark(DETACHED_VARIABLE),
    interactive: isatty(0) && isatty(2) && !isSet(env['CI']),
    version: readVersion(),
    input: { isTerminal: isatty(0), read: readInput },
    self: {
      node: process.execPath,
      script,
      typed: invocationText(process.argv[1] ?? script, cwd),
      args: process.argv.slice(2),
    },
    output,
    run: runCommand,
    now: () => new Date(),
    confirm,
    choose,
    onStopSignal,
    exitNow: (code) => {
      // oxlint-disable-next-line unicorn/no-process-exit -- whoever presses Ctrl-C twice does not want to wait
      process.exit(code);
    },
  };
}

/** Tells the process that `up --detach` starts what it is. */
export const DETACHED_VARIABLE = 'JWT_DEV_INTERNAL_DETACHED';

/** A variable that is meant for this process alone: what it starts is not told. */
function takeMark(name: string): boolean {
  const isMarked = process.env[name] !== undefined;
  delete process.env[name];
  return isMarked;
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw new JwtDevError('ERR_USAGE', 'The working directory does not exist any more', {
      cause: error,
      hint: 'Change to a directory that exists and run the command again.',
    });
  }
}

/** A HOME that is empty or relative would scatter keys below the working directory; the account has one too. */
function ownHome(env: Context['env']): string {
  const home = env['HOME'];
  return home !== undefined && path.isAbsolute(home) ? home : os.userInfo().homedir;
}

/** CI is "set" the way CI services set it; `CI=false` and an empty value mean no. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

function sudoOwner(env: Context['env']): Owner | null {
  const uid = Number(env['SUDO_UID']);
  const gid = Number(env['SUDO_GID']);
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 && gid > 0 ? { uid, gid } : null;
}

function isRootNow(): boolean {
  return process.geteuid?.() === 0;
}

/** Groups first, then the group, the user last: each step needs the root that the last one gives up (setuid(2)). */
function become({ uid, gid }: Owner, homeDir: string): void {
  const { env } = process;
  // Documented since Node 0.9.4, and missing in its types.
  const { initgroups } = process as { readonly initgroups?: (user: number, group: number) => void };
  try {
    initgroups?.(uid, gid);
  } catch (error) {
    // A user id without a name belongs to no groups.
    if (errnoOf(error) !== 'ERR_UNKNOWN_CREDENTIAL') throw error;
    process.setgroups?.([gid]);
  }
  process.setgid?.(gid);
  process.setuid?.(uid);
  // What is started from now on is the user's, and would look for its files at root's.
  env['HOME'] = homeDir;
  const name = env['SUDO_USER'];
  if (name !== undefined) Object.assign(env, { USER: name, LOGNAME: name });
}

/** The home of a user id: sudo may keep the caller's HOME or set root's, so neither is asked. */
function homeOf(uid: number, platform: NodeJS.Platform, env: Context['env']): string | undefined {
  if (platform === 'darwin') {
    const user = env['SUDO_USER'];
    return user === undefined ? undefined : path.join('/Users', path.basename(user));
  }
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((text) => text.split(':'))
    .find((fields) => fields[2] === String(uid));
  return line?.[5];
}

async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string>((resolve) => {
    terminal.question(`${question} [y/N] `, resolve);
    // Ctrl-D is a no. Ctrl-C too, and it is still a stop signal: readline would swallow it.
    terminal.once('close', () => resolve(''));
    terminal.once('SIGINT', () => {
      terminal.close();
      process.kill(process.pid, 'SIGINT');
    });
  });
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

const FALLBACK_COLUMNS = 80;

const choose: Context['choose'] = async (question, choices) => {
  const { isCancel, select } = await import('@clack/prompts');
  // A terminal that does not know its size (containers, script(1)) says 0, and every letter would be a line.
  if (process.stderr.columns === 0) process.stderr.columns = FALLBACK_COLUMNS;
  const options = choices.map(({ label }, value) => ({ value, label }));
  const answer = await select({ message: question, options, output: process.stderr });
  return isCancel(answer) ? undefined : choices[answer]?.value;
};

async function readInput(limitBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function onStopSignal(listener: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
