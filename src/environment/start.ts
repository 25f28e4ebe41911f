import { randomUUID } from 'node:crypto';
import type { AuthStore } from '../auth/store/types.ts';
import { allHosts, allUpstreams, type Config } from '../config/types.ts';
import { answerIdentity } from '../control/identity.ts';
import type { InstanceFacts } from '../control/types.ts';
import { messageOf } from '../errors.ts';
import type { Proxy, Route } from '../proxy/types.ts';
import type { SupervisedCommand } from '../supervisor/types.ts';
import { type Cleanup, createCleanup } from '../system/cleanup.ts';
import type { Owner } from '../system/files.ts';
import type { Paths } from '../system/paths.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import type { Run } from '../system/run.ts';
import { openBrowserCheck } from './browser-check.ts';
import { certificateRequest } from './certificate-request.ts';
import type { CommandWorld } from './commands.ts';
import { inspectorUrl, openEnvironmentControl } from './control.ts';
import { checkHealth } from './health.ts';
import type { Inspector } from './inspector/inspector.ts';
import type { OpenInspectorDeps } from './inspector/open-inspector.ts';
import { type Mode, openListeners } from './listen.ts';
import { serveOnLoopback } from './loopback-app.ts';
import { openRoutes } from './upstreams.ts';
import { originOf } from './urls.ts';
import type { StoredFinding } from './watch/finding-store.ts';
import { openWatch } from './watch/open-watch.ts';
import type { FindingsReport } from './watch/traffic-watch.ts';

/** What the environment needs of the world. */
export interface World extends Pick<CommandWorld, 'homeDir' | 'self' | 'conversation'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly paths: Paths;
  readonly owner: Owner | null;
  readonly pid: number;
  readonly version: string;
  /** For the control server: who may use it, and what it does when it is told to stop. */
  readonly control: { readonly secret: string; readonly stop: () => void };
  readonly run: Run;
  readonly now: () => Date;
  /** Asks a person yes or no; null: nobody is there. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  /**
   * Called once, when the ports are open and nothing else is: the last moment for what needs the privilege that is
   * given up here.
   */
  readonly onListening: (mode: Mode) => Promise<void>;
  /** Told what live traffic shows: each finding when it is new, and when it has come up 10, 100, 1000, … times. */
  readonly onFinding: (finding: StoredFinding) => void;
  /** Told what goes wrong while it runs and does not end it. */
  readonly onWarning: (text: string) => void;
}

export interface RunningEnvironment extends InstanceFacts {
  /** Sentences about what is not as it was asked for. */
  readonly notices: readonly string[];
  /** Sentences about certificates that were made just now. */
  readonly issued: readonly string[];
  /** A new CA was made, which no store can trust yet. */
  readonly caIsNew: boolean;
  /** The user's commands that run with it. */
  readonly commands: readonly SupervisedCommand[];
  /** What live traffic has shown up to now; also after it is closed. */
  readonly findings: () => Promise<FindingsReport>;
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
  let knownPort = config.listen.httpsPort;
  const port = (): number => knownPort;
  const inspector = await openRecorder(config, { ...world, port, lookForFindings: () => watch.catchUp() });
  const watch = openWatch(config, { ...world, port, onEachFinding: inspector?.onFinding });
  cleanup.add(watch.close);
  if (inspector !== null) cleanup.add(inspector.close);
  const { mode, proxy, listening, publicPort, notices } = await openListeners(config.listen, {
    create: (ports) =>
      createProxy({
        ...ports,
        tls: { key: material.keyPem, cert: material.chainPem },
        hostnames: request.hostnames,
        addresses: config.listen.addresses,
        frontendOrigin: () => frontend,
        answerOwn: (target) => answerIdentity(target, world.control.secret),
        onExchange: inspector === null ? watch.onExchange : both(inspector.onExchange, watch.onExchange),
        previews: inspector?.isRecording ?? (() => false),
        onTlsFailure: both(watch.onTlsFailure, () => inspector?.onOther()),
        onNotice: both(watch.onNotice, () => inspector?.onOther()),
        // The configuration takes only hosts of one site, so the frontend's cookie reaches the API too.
        ...(config.findings.canary
          ? { canary: { hostname: config.frontend.hostname, site: config.site } }
          : {}),
        now: world.now,
        newId: randomUUID,
        platform: world.platform,
        run: world.run,
      }),
    upstreamPorts: upstreamPorts(config),
    ask: world.ask,
  });
  cleanup.add(() => proxy.forceClose());
  knownPort = publicPort;
  frontend = originOf(config.frontend.hostname, publicPort);
  const api = originOf(config.api.hostname, publicPort);
  const forward = mode === 'rootless' ? await openForwardProxy(config, proxy, world, cleanup) : null;
  await world.onListening(mode);

  const { watchRenewal } = await import('../certs/renewal.ts');
  const renewal = watchRenewal({
    ...request,
    material,
    onError: (error) => world.onWarning(`The certificate could not be renewed: ${messageOf(error)}`),
    onRenew: (renewed) => proxy.setSecureContext({ key: renewed.keyPem, cert: renewed.chainPem }),
  });
  cleanup.add(() => renewal.close());

  const auth = await openBundledAuth(config, world, cleanup, {
    frontend,
    onMail: () => inspector?.onMail(),
  });
  const { ensureBundle } = await import('../certs/bundle.ts');
  const known: Omit<InstanceFacts, 'control' | 'inspector'> = {
    version: world.version,
    pid: world.pid,
    mode,
    frontend,
    api,
    proxy: forward?.url ?? null,
    address: reachable(listening.addresses),
    httpsPort: listening.httpsPort,
    httpPort: listening.httpPort,
    caFile: material.caFile,
    bundleFile: await ensureBundle({ material, env: world.env, owner: world.owner }),
    hostnames: request.hostnames,
    users: auth?.users ?? [],
  };
  const check = await openBrowserCheck(config, { ...world, frontend, api, cleanup, ports: portDeps(world) });
  let routes: readonly Route[] = [];
  const control = await openEnvironmentControl({
    ...world.control,
    facts: known,
    health: () => checkHealth({ ...known, routes }),
    store: auth?.store ?? null,
    watch,
    inspector,
    auth: config.auth,
    now: world.now,
    moreRoutes: check.routes,
    ports: portDeps(world),
    onError: (error) => world.onWarning(`The control server failed: ${messageOf(error)}`),
  });
  cleanup.add(control.close);
  const facts: InstanceFacts = {
    ...known,
    control: control.url,
    inspector: inspector === null ? null : inspectorUrl(control.url, world.control.secret),
  };
  const upstreams = await openRoutes(config, {
    ...world,
    listen: portDeps(world),
    cleanup,
    authPort: auth?.port,
    own: check.own,
    publicPort,
    facts,
    setRoutes: (wanted) => {
      routes = wanted;
      proxy.setRoutes(wanted);
    },
  });
  return {
    ...facts,
    notices: [...material.notes, ...notices],
    issued: describeIssued(material.issued, config.site),
    caIsNew: material.issued.some(({ what }) => what !== 'leaf'),
    commands: upstreams.commands,
    findings: watch.findings,
    close: async (deadlineMs) => {
      upstreams.prepareClose();
      // The proxy first: what is in flight still needs its upstream.
      await Promise.all([proxy.close(deadlineMs), forward?.close(deadlineMs)]);
      await cleanup.run();
    },
  };
}

/** null: it is switched off, and nothing of it is loaded. */
async function openRecorder(config: Config, deps: OpenInspectorDeps): Promise<Inspector | null> {
  if (!config.inspector.enabled) return null;
  const { openInspector } = await import('./inspector/open-inspector.ts');
  return openInspector(config, deps);
}

function both<Seen>(one: (seen: Seen) => void, other: (seen: Seen) => void): (seen: Seen) => void {
  return (seen) => {
    one(seen);
    other(seen);
  };
}

/** An address on which clients of this machine get through: the wildcard ones are none to connect to. */
function reachable([first = '127.0.0.1']: readonly string[]): string {
  if (first === '0.0.0.0') return '127.0.0.1';
  return first === '::' ? '::1' : first;
}

/** The way to the proxy for clients of rootless mode. */
async function openForwardProxy(
  config: Config,
  proxy: Proxy,
  world: World,
  cleanup: Cleanup,
): Promise<{ readonly url: string; readonly close: (deadlineMs: number) => Promise<void> }> {
  const { createForwardProxy } = await import('../rootless/forward-proxy.ts');
  const forward = createForwardProxy({
    hostnames: allHosts(config).map(({ hostname }) => hostname),
    port: config.listen.proxyPort,
    adopt: (socket, as) => proxy.adopt(socket, as),
    ports: portDeps(world),
  });
  const { authority } = await forward.listen();
  cleanup.add(() => forward.forceClose());
  return { url: `http://${authority}`, close: (deadlineMs) => forward.close(deadlineMs) };
}

function upstreamPorts(config: Config): ReadonlySet<number> {
  return new Set(
    allUpstreams(config).flatMap(({ upstream }) => {
      if ('port' in upstream && upstream.port !== null) return [upstream.port];
      return upstream.kind === 'url' ? [Number(new URL(upstream.url).port)] : [];
    }),
  );
}

function portDeps({ platform, run }: World): PortHolderDeps {
  return { platform, run, procRoot: '/proc' };
}

interface BundledAuth {
  readonly port: number;
  readonly users: InstanceFacts['users'];
  readonly store: AuthStore;
}

/** The bundled auth API, where the configuration asks for it: for the API's host or a part of it. */
async function openBundledAuth(
  config: Config,
  world: World,
  cleanup: Cleanup,
  { frontend, onMail }: { readonly frontend: string; readonly onMail: () => void },
): Promise<BundledAuth | undefined> {
  const { upstream, paths } = config.api;
  if (![upstream, ...paths.map((path) => path.upstream)].some(({ kind }) => kind === 'bundled'))
    return undefined;
  const { openAuth } = await import('../auth/open.ts');
  const auth = await openAuth({
    config: config.auth,
    stateDir: config.stateDir,
    owner: world.owner,
    allowedOrigins: config.auth.allowedOrigins ?? [frontend],
    frontendOrigin: frontend,
    allowedHosts: [config.api.hostname],
    env: world.env,
    now: world.now,
    onMail,
    onError: (error) => world.onWarning(`The auth API failed: ${messageOf(error)}`),
  });
  cleanup.add(auth.close);
  const served = await serveOnLoopback(auth.app, portDeps(world));
  cleanup.add(served.close);
  return { port: served.port, users: auth.users, store: auth.store };
}
