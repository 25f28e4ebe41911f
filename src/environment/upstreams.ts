import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Config, HostConfig } from '../config/types.ts';
import { JwtDevError } from '../errors.ts';
import type { Route, Upstream } from '../proxy/types.ts';
import type { Cleanup } from '../system/cleanup.ts';
import { readFileIfPresent } from '../system/files.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import { serveOnLoopback } from './loopback-app.ts';

export interface UpstreamDeps {
  readonly listen: PortHolderDeps;
  readonly cleanup: Cleanup;
  readonly onWarning: (text: string) => void;
  /** The port of the bundled auth API, already listening; undefined: nobody uses it. */
  readonly authPort: number | undefined;
  /** With its port, as browsers write it. */
  readonly apiOrigin: string;
}

/** Starts what jwt-dev itself serves and answers the route of every host. */
export async function openRoutes(config: Config, deps: UpstreamDeps): Promise<readonly Route[]> {
  const route = async (host: HostConfig, role: Route['role']): Promise<Route> => ({
    hostname: host.hostname,
    role,
    upstream: await openUpstream(host, role, config, deps),
  });
  return Promise.all([
    route(config.frontend, 'frontend'),
    route(config.api, 'api'),
    ...config.extraHosts.map((host) => route(host, 'extra')),
  ]);
}

async function openUpstream(
  host: HostConfig,
  role: Route['role'],
  config: Config,
  deps: UpstreamDeps,
): Promise<Upstream> {
  const { upstream } = host;
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
        : serveDirectory(DEMO_DIRECTORY, false, `${deps.apiOrigin}${config.auth.basePath}`, deps);
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
          documents: { '/jwt-dev-demo.json': { apiUrl: demoApiUrl, apiOrigin: deps.apiOrigin } },
          headers: demoHeaders(deps.apiOrigin),
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
