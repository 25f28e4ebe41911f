import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { BrowserCheck } from '../browser-check/create-browser-check.ts';
import { CHECK_PREFIX } from '../browser-check/places.ts';
import type { CheckSettings, CheckWish } from '../browser-check/types.ts';
import type { Config } from '../config/types.ts';
import type { ControlAnswer, ControlRequest, ControlRoute } from '../control/route.ts';
import { JwtDevError, messageOf } from '../errors.ts';
import type { Route } from '../proxy/types.ts';
import type { Cleanup } from '../system/cleanup.ts';
import { parseDuration } from '../system/duration.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import { serveOnLoopback } from './loopback-app.ts';

export interface BrowserCheckWorld {
  /** Origins. */
  readonly frontend: string;
  readonly api: string;
  readonly cleanup: Cleanup;
  readonly ports: PortHolderDeps;
  readonly now: () => Date;
  readonly onWarning: (text: string) => void;
}

export interface OpenBrowserCheck {
  /** The part of every host that leads to it. */
  readonly own: NonNullable<Route['own']>;
  /** Runs of the page that other processes ask for, on the control server. */
  readonly routes: readonly ControlRoute[];
}

/**
 * Opens the upstream behind `/__jwt-dev/check` of every host. What it consists of is loaded at the first request: most
 * environments never get one.
 */
export async function openBrowserCheck(config: Config, world: BrowserCheckWorld): Promise<OpenBrowserCheck> {
  const onError = (error: unknown): void => world.onWarning(`The browser check failed: ${messageOf(error)}`);
  let check: BrowserCheck | undefined;
  const load = async (): Promise<BrowserCheck> => {
    const { createBrowserCheck } = await import('../browser-check/create-browser-check.ts');
    check ??= createBrowserCheck({
      settings: checkSettings(config, world),
      now: world.now,
      clock: () => performance.now(),
      newId: () => randomBytes(16).toString('hex'),
      onError,
    });
    return check;
  };
  const served = await serveOnLoopback(
    (request, response) => {
      load().then(
        (check) => check.handle(request, response),
        (error: unknown) => {
          onError(error);
          response.writeHead(500).end();
        },
      );
    },
    world.ports,
    (request, socket, head) => {
      load().then(
        (check) => check.upgrade(request, socket, head),
        (error: unknown) => {
          onError(error);
          socket.destroy();
        },
      );
    },
  );
  world.cleanup.add(async () => {
    check?.close();
    await served.close();
  });
  return {
    own: {
      prefix: CHECK_PREFIX,
      upstream: { kind: 'port', port: served.port, label: 'the browser check' },
    },
    routes: checkRoutes(load),
  };
}

/** What the page has to know, from the configuration. Pure. */
function checkSettings(
  config: Config,
  { frontend, api }: Pick<BrowserCheckWorld, 'frontend' | 'api'>,
): CheckSettings {
  const { basePath, cookies, loginBy } = config.auth;
  return {
    frontend,
    api,
    site: config.site,
    basePath,
    accessCookie: cookies.accessName,
    refreshCookie: cookies.refreshName,
    bundled: authUpstreamKind(config) === 'bundled',
    loginBy,
  };
}

/** Whoever answers for the base path of the auth API. */
function authUpstreamKind({ api, auth }: Config): string {
  const part = api.paths.find(({ prefix }) => auth.basePath.startsWith(`${prefix}/`));
  return (part?.upstream ?? api.upstream).kind;
}

/** The longest that one question waits. */
const LONGEST_WAIT_MS = 60_000;

/** `POST /check-runs` and `GET /check-runs?id=ID&wait=10s[&steps=N]`: see `CheckWish`, `CheckRun` and `CheckRuns.read`. */
function checkRoutes(load: () => Promise<BrowserCheck>): readonly ControlRoute[] {
  return [
    {
      method: 'POST',
      path: '/check-runs',
      answer: async ({ json }) => {
        const { wishShape } = await import('../browser-check/shapes.ts');
        const parsed = wishShape.safeParse(await json());
        if (!parsed.success) {
          throw new JwtDevError('ERR_USAGE', 'That is no check run', {
            hint: 'Send {"login": null, "register": false}, or a username and a password as "login".',
          });
        }
        const wish: CheckWish = parsed.data;
        return { status: 201, body: (await load()).openRun(wish) };
      },
    },
    { method: 'GET', path: '/check-runs', answer: async (request) => readRun(request, await load()) },
  ];
}

async function readRun({ query, signal }: ControlRequest, check: BrowserCheck): Promise<ControlAnswer> {
  const wait = parseDuration(query.get('wait') ?? '0s', 'wait');
  const steps = query.get('steps');
  const known = steps !== null && /^\d{1,3}$/.test(steps) ? Number(steps) : undefined;
  const id = query.get('id') ?? '';
  const run = await check.readRun(id, Math.min(wait, LONGEST_WAIT_MS), signal, known);
  if (run !== undefined) return { status: 200, body: run };
  const message = 'There is no such check run, or it is over.';
  return { status: 404, body: { error: { code: 'ERR_NO_CHECK_RUN', message } } };
}
