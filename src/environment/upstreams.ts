import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Config, HostConfig, UpstreamConfig } from '../config/types.ts';
import { JwtDevError } from '../errors.ts';
import type { Route, Upstream } from '../proxy/types.ts';
import type { SupervisedCommand } from '../supervisor/types.ts';
import type { Cleanup } from '../system/cleanup.ts';
import { readFileIfPresent } from '../system/files.ts';
import { type CommandWorld, startCommand } from './commands.ts';
import { serveOnLoopback } from './loopback-app.ts';

export interface UpstreamDeps extends CommandWorld {
  readonly cleanup: Cleanup;
  /** The port of the bundled auth API, already listening; undefined: nobody uses it. */
  readonly authPort: number | undefined;
  /** The part of every host that is ours. */
  readonly own: NonNullable<Route['own']>;
  /** Takes the route of every host: now, and again when a command listens on another port than expected. */
  readonly setRoutes: (routes: readonly Route[]) => void;
}

export interface OpenUpstreams {
  readonly commands: readonly SupervisedCommand[];
  /** Before anything is closed: no command is started any more, and all die with us. */
  readonly prepareClose: () => void;
}

/** Starts what jwt-dev itself serves and the user's commands, and sets the route of every host. */
export async function openRoutes(config: Config, deps: UpstreamDeps): Promise<OpenUpstreams> {
  const commands: SupervisedCommand[] = [];
  deps.cleanup.add(async () => {
    await Promise.all(commands.map((command) => command.close(COMMAND_DEADLINE_MS)));
  });
  let routes: readonly (() => Route)[] | undefined;
  const update = (): void => {
    if (routes !== undefined) deps.setRoutes(routes.map((route) => route()));
  };
  const open = async (upstream: UpstreamConfig, place: Place): Promise<() => Upstream> => {
    if (upstream.kind !== 'command') {
      const opened = await openUpstream(upstream, place.role, config, deps);
      return () => opened;
    }
    const command = await startCommand(upstream, place, config, deps, update);
    commands.push(command);
    return () => ({
      kind: 'port',
      port: command.port(),
      label: `the command "${command.facts().command}"`,
      process: command.facts,
    });
  };
  const route = async (host: HostConfig, role: Route['role']): Promise<() => Route> => {
    const upstream = await open(host.upstream, { host, role, prefix: null });
    const paths = await together(
      host.paths.map(async ({ prefix, upstream: wanted }) => ({
        prefix,
        upstream: await open(wanted, { host, role, prefix }),
      })),
    );
    return () => ({
      hostname: host.hostname,
      role,
      upstream: upstream(),
      paths: paths.map(({ prefix, upstream: part }) => ({ prefix, upstream: part() })),
      own: deps.own,
    });
  };
  routes = await together([
    route(config.frontend, 'frontend'),
    route(config.api, 'api'),
    ...config.extraHosts.map((host) => route(host, 'extra')),
  ]);
  update();
  return {
    commands,
    prepareClose: () => {
      for (const command of commands) command.prepareClose();
    },
  };
}

/** All results, or the first failure once nothing is under way any more: what was started can then be closed. */
async function together<T>(parts: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(parts);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

interface Place {
  readonly host: HostConfig;
  readonly role: Route['role'];
  readonly prefix: string | null;
}

/** How long a command may take to end by itself after SIGTERM. */
const COMMAND_DEADLINE_MS = 5_000;

async function openUpstream(
  upstream: Exclude<UpstreamConfig, { readonly kind: 'command' }>,
  role: Route['role'],
  config: Config,
  deps: UpstreamDeps,
): Promise<Upstream> {
  switch (upstream.kind) {
    case 'port':
      return { kind: 'port', port: upstream.port, label: `port ${upstream.port}` };
    case 'url':
      return {
        kind: 'url',
        url: upstream.url,
        label: upstream.url,
        ...(upstream.caFile === null ? {} : { ca: await readCa(upstream.caFile) }),
      };
    case 'static':
      await warnIfMissing(upstream.directory, deps);
      return serveDirectory(upstream.directory, upstream.spa, null, deps);
    case 'bundled':
      return role === 'api' && deps.authPort !== undefined
        ? { kind: 'port', port: deps.authPort, label: 'the bundled auth API' }
        : serveDirectory(DEMO_DIRECTORY, false, `${deps.facts.api}${config.auth.basePath}`, deps);
  }
}

/** A build directory may well come later; until then every page is a 404, which should surprise nobody. */
async function warnIfMissing(directory: string, deps: UpstreamDeps): Promise<void> {
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory)
    deps.onWarning(`${directory} is not a directory (yet), so its host answers 404. Build your frontend.`);
}

async function readCa(file: string): Promise<string> {
  const pem = await readFileIfPresent(file);
  if (pem !== undefined) return pem.toString('utf8');
  throw new JwtDevError('ERR_FILE_READ', `Cannot read ${file}: there is no such file`, {
    hint: 'Correct "ca" of that upstream in the configuration: a PEM file with the CA of the upstream.',
  });
}

const DEMO_DIRECTORY = fileURLToPath(new URL('../../templates/demo', import.meta.url));

async function serveDirectory(
  directory: string,
  spa: boolean,
  demoApiUrl: string | null,
  deps: UpstreamDeps,
): Promise<Upstream> {
  const { createStaticSite } = await import('../static-site/static-site.ts');
  const app = createStaticSite(
    demoApiUrl === null
      ? { directory, spa, documents: {}, headers: {} }
      : {
          directory,
          spa,
          documents: { '/jwt-dev-demo.json': { apiUrl: demoApiUrl } },
          headers: demoHeaders(deps.facts.api),
        },
  );
  const served = await serveOnLoopback(app, deps.listen);
  deps.cleanup.add(served.close);
  return {
    kind: 'port',
    port: served.port,
    label: demoApiUrl === null ? `the directory ${directory}` : 'the demo page',
  };
}

/** The demo shows what a careful frontend sends: nothing from elsewhere, calls to its own API only. */
function demoHeaders(apiOrigin: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': `default-src 'self'; connect-src 'self' ${apiOrigin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Content-Type-Options': 'nosniff',
  };
}
