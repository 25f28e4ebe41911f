import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { type ErrorCode, EXIT, JwtDevError } from '../errors.ts';
import { hostsBlockId, wantedEntries } from '../hosts/entries.ts';
import { realFileSystem } from '../hosts/file-system.ts';
import type { HostsRequest } from '../hosts/request.ts';
import type { HostsWorld } from '../hosts/world.ts';
import {
  callingUser,
  type Elevation,
  elevatedCommand,
  runElevated,
  typedCommand,
} from '../system/elevate.ts';

/** The hosts feature's inputs, from the context of a command. */
export function hostsWorld(context: Context): HostsWorld {
  return {
    platform: context.platform,
    fs: realFileSystem,
    run: context.run,
    now: context.now,
    pid: context.pid,
    isRoot: context.isRoot,
    stateDir: context.paths.stateDir,
    owner: context.owner,
  };
}

/** What the configuration wants of its hosts file. */
export function hostsRequest(config: Config, force = false): HostsRequest {
  return { file: config.hosts.file, id: hostsBlockId(config), entries: wantedEntries(config), force };
}

export function defaultElevation(context: Pick<Context, 'platform'>): Elevation {
  return context.platform === 'win32' ? { way: 'uac' } : { way: 'sudo', user: callingUser() };
}

/**
 * Runs one step of this program again with administrator rights, where a person can agree to that.
 * @param args the step's command line; it answers in JSON. `--elevated` in it says that there is nothing more to
 *   be gained by asking again.
 * @param cause why this process cannot do it.
 * @returns the step's JSON answer; null: it ran in a window of its own (Windows), so look what there is now.
 * @throws JwtDevError ERR_PRIVILEGE_REQUIRED with the command to run, where nobody can be asked or consent was not
 *   given; the step's own error.
 */
export async function runStepElevated(
  args: readonly string[],
  cause: JwtDevError,
  context: Context,
  elevation: Elevation = defaultElevation(context),
): Promise<Record<string, unknown> | null> {
  const typedArgs = args.filter((arg) => arg !== '--elevated' && arg !== '--json');
  const self = (stepArgs: readonly string[]): { file: string; args: readonly string[] } => ({
    file: context.self.node,
    args: [context.self.script, ...stepArgs],
  });
  const typed = typedCommand(self(typedArgs), elevation, context.env);
  const refusal = (message: string): JwtDevError =>
    new JwtDevError('ERR_PRIVILEGE_REQUIRED', message, {
      cause,
      hint: `${elevation.way === 'sudo' ? 'Run' : 'Run as administrator'}: ${typed}`,
      facts: { command: typed },
    });
  const pointless = args.includes('--elevated') || (context.isRoot && elevation.way === 'sudo');
  if (!context.interactive || pointless) throw refusal(cause.message);
  context.output.info(`${cause.message}. Asking for it for this one step:\n  ${typed}`);
  const step = self([...typedArgs, '--json', '--elevated']);
  const result = await runElevated(elevatedCommand(step, elevation, context.env), context.run);
  if (elevation.way !== 'sudo') {
    if (result.exitCode === EXIT.done) return null;
    throw refusal(`${cause.message}, and it was not given`);
  }
  const answer = readAnswer(result.stdout);
  if (answer === null) throw refusal(`${cause.message}, and it was not given`);
  if (answer.error !== undefined) throw answer.error;
  return answer.value;
}

function readAnswer(
  stdout: string,
): { readonly value: Record<string, unknown>; readonly error?: JwtDevError } | null {
  if (!stdout.startsWith('{')) return null;
  const value = JSON.parse(stdout) as Record<string, unknown>;
  if (!('error' in value)) return { value };
  const { error: reported, ...beside } = value;
  const { code, message, hint, details, ...inside } = reported as ReportedError;
  const facts = { ...beside, ...inside };
  return {
    value,
    error: new JwtDevError(code, message, { details, facts, ...(hint === null ? {} : { hint }) }),
  };
}

interface ReportedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
}
