import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthStore } from '../auth/store/types.ts';
import type { AuthConfig } from '../config/types.ts';
import type { ControlRequest, ControlRoute } from '../control/route.ts';
import { type ControlServer, openControlServer } from '../control/server.ts';
import type { Health, InstanceFacts } from '../control/types.ts';
import { parseDuration } from '../system/duration.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import type { Inspector } from './inspector/inspector.ts';
import { inspectorRoutes } from './inspector/routes.ts';
import type { TrafficWatch } from './watch/traffic-watch.ts';

export interface EnvironmentControlDeps {
  readonly secret: string;
  readonly facts: Omit<InstanceFacts, 'control' | 'inspector'>;
  readonly health: () => Promise<Health>;
  /** Ends the environment; called after the answer has left. */
  readonly stop: () => void;
  /** The bundled auth API's store, or null where a backend of the user's own answers. */
  readonly store: Pick<AuthStore, 'listMail' | 'clearMail' | 'listUsers'> | null;
  readonly watch: Pick<TrafficWatch, 'findings' | 'clear'>;
  /** null: it is switched off, and so is its page. */
  readonly inspector: Inspector | null;
  readonly auth: Pick<AuthConfig, 'basePath' | 'cookies'>;
  readonly now: () => Date;
  /** Of other parts of the environment. */
  readonly moreRoutes?: readonly ControlRoute[];
  readonly ports: PortHolderDeps;
  readonly onError: (error: unknown) => void;
}

/** What other processes may ask of an environment. See `openControlServer` for who may. */
export function openEnvironmentControl(deps: EnvironmentControlDeps): Promise<ControlServer> {
  const { secret, ports, onError } = deps;
  return openControlServer({ secret, ports, onError, routes: environmentRoutes(deps) });
}

/** All that it answers. */
export function environmentRoutes(deps: EnvironmentControlDeps): readonly ControlRoute[] {
  const { inspector, moreRoutes = [] } = deps;
  return [
    ...controlRoutes(deps),
    ...(inspector === null ? [] : inspectorRoutes({ ...deps, inspector })),
    ...moreRoutes,
  ];
}

/** The inspector's page as people open it. The secret is in the fragment, which browsers send nowhere. */
export function inspectorUrl(control: string, secret: string): string {
  return `${control}/#${secret}`;
}

function controlRoutes({
  facts,
  health,
  stop,
  store,
  watch,
  inspector,
}: EnvironmentControlDeps): readonly ControlRoute[] {
  return [
    {
      method: 'GET',
      path: '/health',
      open: true,
      answer: async () => {
        const found = await health();
        return { status: found.ok ? 200 : 503, body: found };
      },
    },
    { method: 'GET', path: '/status', answer: () => ({ status: 200, body: facts }) },
    {
      method: 'POST',
      path: '/stop',
      answer: () => {
        setImmediate(stop);
        return { status: 202, body: { stopping: true } };
      },
    },
    {
      method: 'GET',
      path: '/findings',
      answer: async () => {
        const { describeFinding } = await import('../verdicts/findings/format.ts');
        const { findings, skipped } = await watch.findings();
        const described = findings.map((finding) => describeFinding(finding, finding));
        return { status: 200, body: { findings: described, skipped } };
      },
    },
    {
      method: 'DELETE',
      path: '/findings',
      answer: async () => {
        await watch.clear();
        inspector?.clearFindings();
        return { status: 200, body: { cleared: true } };
      },
    },
    {
      method: 'GET',
      path: '/outbox',
      answer: async (request) =>
        store === null ? NO_OUTBOX : { status: 200, body: await readMails(request, store) },
    },
    {
      method: 'DELETE',
      path: '/outbox',
      answer: async () => {
        if (store === null) return NO_OUTBOX;
        await store.clearMail();
        return { status: 200, body: { cleared: true } };
      },
    },
  ];
}

const NO_OUTBOX = {
  status: 404,
  body: {
    error: { code: 'ERR_NO_OUTBOX', message: 'The API is a backend of your own: its mails are not here.' },
  },
};

/** `?to=…&type=…&wait=5s&last=1`: as `jwt-dev outbox` does it. */
async function readMails(
  { query, signal }: ControlRequest,
  store: NonNullable<EnvironmentControlDeps['store']>,
) {
  const { describeMail, parseMailType, readOutbox } = await import('../auth/administration/outbox.ts');
  const [to, type, wait] = [query.get('to'), query.get('type'), query.get('wait')];
  const filter = { ...(to === null ? {} : { to }), ...(type === null ? {} : { type: parseMailType(type) }) };
  const mails = await readOutbox(store, filter, wait === null ? 0 : parseDuration(wait, 'wait'), (ms) =>
    sleep(ms, undefined, { signal }),
  );
  return (query.has('last') ? mails.slice(-1) : mails).map(describeMail);
}
