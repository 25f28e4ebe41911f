import { randomUUID } from 'node:crypto';
import { allHosts, type Config } from '../config/types.ts';
import { messageOf } from '../errors.ts';
import { type Cleanup, createCleanup } from '../system/cleanup.ts';
import type { Owner } from '../system/files.ts';
import type { Paths } from '../system/paths.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import type { Run } from '../system/run.ts';
import { certificateRequest } from './certificate-request.ts';
import { openListeners } from './listen.ts';
import { serveOnLoopback } from './loopback-app.ts';
import { openRoutes } from './upstreams.ts';
import { originOf } from './urls.ts';

/** What the environment needs of the world. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly paths: Paths;
  readonly owner: Owner | null;
  readonly pid: number;
  readonly run: Run;
  readonly now: () => Date;
  /** Told what goes wrong while it runs and does not end it. */
  readonly onWarning: (text: string) => void;
}

export interface RunningEnvironment {
  readonly frontend: string;
  readonly api: string;
  readonly httpsPort: number;
  readonly httpPort: number | null;
  /** What clients must trust. */
  readonly caFile: string;
  /** Users of the configuration, for whoever reads the terminal; empty with a backend of the user's own. */
  readonly users: readonly { readonly username: string; readonly password: string; readonly email: string }[];
  /** Sentences about what is not as it was asked for. */
  readonly notices: readonly string[];
  /** Sentences about certificates that were made just now. */
  readonly issued: readonly string[];
  /** A new CA was made, which no store can trust yet. */
  readonly caIsNew: boolean;
  /** Lets requests in flight finish until the deadline, then undoes everything in reverse. */
  readonly close: (deadlineMs: number) => Promise<void>;
}

/**
 * Starts everything in order: certificates, ports, auth API, routes. On a failure what was started is undone.
 * @throws JwtDevError of the part that failed
 */
export async function startEnvironment(config: Config, world: World): Promise<RunningEnvironment> {
  const cleanup = createCleanup();
  try {
    return await start(config, world, cleanup);
  } catch (error) {
    await cleanup.run().catch((second: unknown) => world.onWarning(messageOf(second)));
    throw error;
  }
}

async function start(config: Config, world: World, cleanup: Cleanup): Promise<RunningEnvironment> {
  const { ensureCertificates } = await import('../certs/ensure.ts');
  const { describeIssued } = await import('../certs/describe.ts');
  const request = certificateRequest(config, world);
  const material = await ensureCertificates(request);

  const { createProxy } = await import('../proxy/server.ts');
  let frontend = originOf(config.frontend.hostname, config.listen.httpsPort);
  const { proxy, listening, notices } = await openListeners(
    config.listen,
    (httpsPort, httpPort) =>
      createProxy({
        tls: { key: material.keyPem, cert: material.chainPem },
        hostnames: request.hostnames,
        addresses: config.listen.addresses,
        httpsPort,
        httpPort,
        frontendOrigin: () => frontend,
        now: world.now,
        newId: randomUUID,
        platform: world.platform,
        run: world.run,
      }),
    upstreamPorts(config),
  );
  cleanup.add(() => proxy.forceClose());
  frontend = originOf(config.frontend.hostname, listening.httpsPort);
  const api = originOf(config.api.hostname, listening.httpsPort);

  const { watchRenewal } = await import('../certs/renewal.ts');
  const renewal = watchRenewal({
    ...request,
    material,
    onError: (error) => world.onWarning(`The certificate could not be renewed: ${messageOf(error)}`),
    onRenew: (renewed) => proxy.setSecureContext({ key: renewed.keyPem, cert: renewed.chainPem }),
  });
  cleanup.add(() => renewal.close());

  const auth = await openBundledAuth(config, world, cleanup, { frontend });
  proxy.setRoutes(
    await openRoutes(config, {
      listen: portDeps(world),
      onWarning: world.onWarning,
      cleanup,
      authPort: auth?.port,
      apiOrigin: api,
    }),
  );
  return {
    frontend,
    api,
    httpsPort: listening.httpsPort,
    httpPort: listening.httpPort,
    caFile: material.caFile,
    users: auth?.users ?? [],
    notices: [...material.notes, ...notices],
    issued: describeIssued(material.issued, config.site),
    caIsNew: material.issued.some(({ what }) => what !== 'leaf'),
    close: async (deadlineMs) => {
      // The proxy first: what is in flight still needs its upstream.
      await proxy.close(deadlineMs);
      await cleanup.run();
    },
  };
}

function upstreamPorts(config: Config): ReadonlySet<number> {
  return new Set(
    allHosts(config).flatMap(({ upstream }) => {
      if (upstream.kind === 'port') return [upstream.port];
      return upstream.kind === 'url' ? [Number(new URL(upstream.url).port)] : [];
    }),
  );
}

function portDeps({ platform, run }: World): PortHolderDeps {
  return { platform, run, procRoot: '/proc' };
}

interface BundledAuth {
  readonly port: number;
  readonly users: RunningEnvironment['users'];
}

/** The bundled auth API, where the configuration asks for it. */
async function openBundledAuth(
  config: Config,
  world: World,
  cleanup: Cleanup,
  origins: { readonly frontend: string },
): Promise<BundledAuth | undefined> {
  if (config.api.upstream.kind !== 'bundled') return undefined;
  const { openAuth } = await import('../auth/open.ts');
  const auth = await openAuth({
    config: config.auth,
    stateDir: config.stateDir,
    owner: world.owner,
    allowedOrigins: config.auth.allowedOrigins ?? [origins.frontend],
    frontendOrigin: origins.frontend,
    allowedHosts: [config.api.hostname],
    env: world.env,
    now: world.now,
    onError: (error) => world.onWarning(`The auth API failed: ${messageOf(error)}`),
  });
  cleanup.add(auth.close);
  const served = await serveOnLoopback(auth.app, portDeps(world));
  cleanup.add(served.close);
  return { port: served.port, users: auth.users };
}
