import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { JwtDevError } from '../errors.ts';
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
 * Runs one step of this program again with administrator rights, where a person can agree to that; answers its
 * exit code. The step prints its own answer.
 * @param args the step's command line; `--elevated` in it says that there is nothing more to be gained.
 * @throws JwtDevError ERR_PRIVILEGE_REQUIRED with the command to run, where nobody can be asked.
 */
export async function runStepElevated(
  args: readonly string[],
  cause: JwtDevError,
  context: Context,
  elevation: Elevation = defaultElevation(context),
): Promise<number> {
  const step = { file: context.self.node, args: [context.self.script, ...args] };
  const typed = typedCommand(
    { ...step, args: step.args.filter((arg) => arg !== '--elevated') },
    elevation,
    context.env,
  );
  const refused = args.includes('--elevated') && cause.code === 'ERR_PRIVILEGE_REQUIRED';
  if (!context.interactive || refused) {
    const where = elevation.way === 'sudo' ? 'Run' : 'Run in a terminal that was opened as administrator';
    throw new JwtDevError('ERR_PRIVILEGE_REQUIRED', cause.message, {
      cause,
      hint: `${where}: ${typed}`,
      facts: { command: typed },
    });
  }
  context.output.info(
    `${cause.message}. Only this step is run as ${elevation.way === 'sudo' ? 'root' : 'administrator'}:\n  ${typed}`,
  );
  return runElevated(elevatedCommand(step, elevation, context.env), context.run);
}
