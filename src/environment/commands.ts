import { fileURLToPath } from 'node:url';
import type { Config, HostConfig, UpstreamConfig } from '../config/types.ts';
import type { InstanceFacts } from '../control/types.ts';
import type { CommandSpec, SupervisedCommand } from '../supervisor/types.ts';
import type { Owner } from '../system/files.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import { originOf } from './urls.ts';

/** Where the lines of commands go. */
export interface CommandConversation {
  /** It shows colours. */
  readonly colour: boolean;
  /** @param name the command's: its host, with the path prefix where it answers for a part only. */
  readonly onLine: (name: string, line: string) => void;
}

/** What commands need of the world and of the environment that they run in. */
export interface CommandWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the user who commands run as. */
  readonly homeDir: string;
  readonly owner: Owner | null;
  readonly self: { readonly node: string };
  readonly conversation: CommandConversation;
  readonly onWarning: (text: string) => void;
  readonly listen: PortHolderDeps;
  /** The https port as clients write it. */
  readonly publicPort: number;
  readonly facts: InstanceFacts;
}

type Command = Extract<UpstreamConfig, { readonly kind: 'command' }>;

const GUARD = fileURLToPath(new URL('../../bin/jwt-dev-guard.js', import.meta.url));

/**
 * Starts the command of an upstream and keeps it running.
 * @param onListening called with its port when it accepts connections, and again should it move.
 */
export async function startCommand(
  upstream: Command,
  { host, prefix }: { readonly host: HostConfig; readonly prefix: string | null },
  config: Config,
  world: CommandWorld,
  onListening: (port: number) => void,
): Promise<SupervisedCommand> {
  const { supervise } = await import('../supervisor/supervisor.ts');
  const name = commandName(host, prefix);
  const port = upstream.port ?? (await chooseFreePort());
  if (upstream.port !== null) await warnIfTaken(upstream.port, name, world);
  const spec: CommandSpec = {
    name,
    command: upstream.command,
    cwd: upstream.cwd,
    env: await environmentOf(upstream, host, port, config, world),
    port,
    portIsFixed: upstream.port !== null,
    runAs: world.owner,
  };
  return supervise(spec, {
    platform: world.listen.platform,
    run: world.listen.run,
    guard: [world.self.node, GUARD],
    colour: world.conversation.colour,
    onLine: (line) => world.conversation.onLine(name, line),
    onWarning: world.onWarning,
    onListening,
  });
}

/** What the user reads before each of its lines. */
export function commandName(host: HostConfig, prefix: string | null): string {
  return `${host.hostname}${prefix ?? ''}`;
}

async function chooseFreePort(): Promise<number> {
  const { freePort } = await import('../supervisor/probe.ts');
  return freePort();
}

/** A server that somebody left running would be taken for the command. */
async function warnIfTaken(port: number, name: string, world: CommandWorld): Promise<void> {
  const { acceptsConnections } = await import('../supervisor/probe.ts');
  if (!(await acceptsConnections(port))) return;
  const { findPortHolder } = await import('../system/port-holder.ts');
  const holder = await findPortHolder(port, world.listen);
  const who = holder === undefined ? 'another program' : `process ${holder.pid}, ${holder.command}`;
  world.onWarning(`${name}: port ${port} is in use already by ${who}. Stop it, or choose another "port".`);
}

async function environmentOf(
  upstream: Command,
  host: HostConfig,
  port: number,
  config: Config,
  world: CommandWorld,
): Promise<Readonly<Record<string, string>>> {
  const { childEnvironment } = await import('../supervisor/child-environment.ts');
  const { withLocalPrograms } = await import('../supervisor/search-path.ts');
  const { prepareClient } = await import('./client.ts');
  const { owner, env } = world;
  // Not through the forward proxy: it knows our names only, and a server has others to ask.
  const facts = { ...world.facts, proxy: null };
  const { variables } = await prepareClient(facts, { env, owner, stateDir: config.stateDir });
  const given = childEnvironment({
    // sudo may have kept its caller's home or have set root's; the command runs as the caller.
    inherited: owner === null ? env : { ...env, HOME: world.homeDir, ...userNames(env['SUDO_USER']) },
    configured: upstream.env,
    port,
    hostname: host.hostname,
    origin: originOf(host.hostname, world.publicPort),
    client: variables,
    colour: world.conversation.colour,
  });
  return withLocalPrograms(given, upstream.cwd, world.listen.platform);
}

function userNames(user: string | undefined): Readonly<Record<string, string>> {
  return user === undefined ? {} : { USER: user, LOGNAME: user };
}
