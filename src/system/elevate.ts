import os from 'node:os';
import { errnoOf } from '../errors.ts';
import type { Run, RunResult } from './run.ts';

/** One program with its arguments, never a shell string. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * How one step gets administrator rights: `sudo`; Windows' consent prompt (`uac`); or, inside WSL, the same
 * prompt for a WSL session that may write to Windows' own files (`wsl`).
 */
export type Elevation =
  | { readonly way: 'sudo'; readonly user: CallingUser | null }
  | { readonly way: 'uac' }
  | { readonly way: 'wsl'; readonly distribution: string };

export interface CallingUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** What the elevated step may know of the caller's environment: where the caller's files are, and no more. */
const KEPT_VARIABLES = [
  'JWT_DEV_HOME',
  'XDG_STATE_HOME',
  'XDG_DATA_HOME',
  'NO_COLOR',
  'TERM',
  'LANG',
] as const;
/** A person may have to find a password first. */
const ELEVATION_TIMEOUT_MS = 300_000;

/**
 * The command that runs one step elevated. With sudo the environment is empty but for what is listed here, so
 * that neither NODE_OPTIONS nor a PATH of the caller reaches a process of root's; SUDO_UID is said again, since
 * the emptied environment loses it and files in the caller's home must stay the caller's.
 */
export function elevatedCommand(step: Command, elevation: Elevation, env: Env): Command {
  if (elevation.way === 'uac') return powershell('powershell', step.file, step.args);
  if (elevation.way === 'wsl') {
    const args = ['-d', elevation.distribution, '--exec', step.file, ...step.args];
    return powershell('powershell.exe', 'wsl.exe', args);
  }
  const { user } = elevation;
  const variables = [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...(user === null ? [] : [`SUDO_UID=${user.uid}`, `SUDO_GID=${user.gid}`, `SUDO_USER=${user.name}`]),
    ...kept(env),
  ];
  return { file: 'sudo', args: ['--', '/usr/bin/env', '-i', ...variables, step.file, ...step.args] };
}

/** The same for a person to type: as short as possible. Windows has no such command, so only the step itself. */
export function typedCommand(step: Command, elevation: Elevation, env: Env): string {
  if (elevation.way !== 'sudo') return [step.file, ...step.args].map(quoteForWindows).join(' ');
  const variables = kept(env).filter((variable) => /^(JWT_DEV_HOME|XDG_\w+)=/.test(variable));
  const prefix = variables.length === 0 ? ['sudo'] : ['sudo', '/usr/bin/env', ...variables];
  return [...prefix, step.file, ...step.args].map(quoteForShell).join(' ');
}

/**
 * Runs it. sudo asks for the password at the terminal itself (sudo(8)), so the streams need not be the terminal's
 * and the step's answer can be read.
 */
export function runElevated(command: Command, run: Run): Promise<RunResult> {
  return run(command.file, command.args, { timeoutMs: ELEVATION_TIMEOUT_MS });
}

/** Who calls; null for a user id that has no name, for which there is no sudo either. */
export function callingUser(): CallingUser | null {
  try {
    const { uid, gid, username } = os.userInfo();
    return { uid, gid, name: username };
  } catch (error) {
    if (errnoOf(error) === 'ERR_SYSTEM_ERROR' || errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** One word of a POSIX shell command line. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** One argument of a Windows command line, as CommandLineToArgvW takes it apart. */
export function quoteForWindows(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  return `"${word.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/(\\+)$/, '$1$1')}"`;
}

function kept(env: Env): readonly string[] {
  return KEPT_VARIABLES.flatMap((name) => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [`${name}=${value}`];
  });
}

/** Start-Process joins its arguments unquoted, so they are quoted here; it alone can ask for consent. */
function powershell(program: string, file: string, args: readonly string[]): Command {
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const script = [
    `$step = Start-Process -FilePath ${literal(file)}`,
    `-ArgumentList ${literal(args.map(quoteForWindows).join(' '))} -Verb RunAs -Wait -PassThru;`,
    'exit $step.ExitCode',
  ].join(' ');
  return { file: program, args: ['-NoProfile', '-NonInteractive', '-Command', script] };
}
