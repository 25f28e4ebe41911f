import type { AuthStore, User } from '../../auth/store/types.ts';
import type { AuthConfig } from '../../config/types.ts';
import type { ControlRoute, JsonAnswer } from '../../control/route.ts';
import type { InstanceFacts } from '../../control/types.ts';
import { JwtDevError } from '../../errors.ts';
import { eventsRoute } from './events.ts';
import type { Inspector } from './inspector.ts';
import { pageRoutes } from './page-files.ts';
import { tryRoutes } from './try-routes.ts';
import type { Overview } from './types.ts';

export interface InspectorRoutesDeps {
  readonly inspector: Pick<Inspector, 'page' | 'detail' | 'jars' | 'counts' | 'clear' | 'subscribe'>;
  readonly facts: Omit<InstanceFacts, 'control' | 'inspector'>;
  readonly auth: Pick<AuthConfig, 'basePath' | 'cookies'>;
  /** The bundled auth API's store, or null where a backend of the user's own answers. */
  readonly store: Pick<AuthStore, 'listUsers'> | null;
  readonly now: () => Date;
}

/** More at once would be a noticeable pause for the page and for requests. */
const PAGE_LIMIT = 2_000;

/** The inspector's page, and what it asks. */
export function inspectorRoutes(deps: InspectorRoutesDeps): readonly ControlRoute[] {
  const { inspector, store } = deps;
  return [
    ...pageRoutes(),
    eventsRoute(inspector),
    ...tryRoutes(deps),
    { method: 'GET', path: '/inspector/overview', answer: () => ({ status: 200, body: overview(deps) }) },
    {
      method: 'GET',
      path: '/inspector/exchanges',
      answer: async ({ query }) => {
        const after = wholeNumber(query, 'after', 0, Number.MAX_SAFE_INTEGER);
        const limit = wholeNumber(query, 'limit', PAGE_LIMIT, PAGE_LIMIT);
        return { status: 200, body: await inspector.page(after, limit) };
      },
    },
    {
      method: 'DELETE',
      path: '/inspector/exchanges',
      answer: () => {
        inspector.clear();
        return { status: 200, body: { cleared: true } };
      },
    },
    {
      method: 'GET',
      path: '/inspector/exchange',
      answer: async ({ query }) => {
        const detail = await inspector.detail(query.get('id') ?? '', reveal(query));
        return detail === undefined ? GONE : { status: 200, body: detail };
      },
    },
    {
      method: 'GET',
      path: '/inspector/jars',
      answer: async ({ query }) => ({ status: 200, body: { jars: await inspector.jars(reveal(query)) } }),
    },
    {
      method: 'GET',
      path: '/inspector/users',
      answer: async () =>
        store === null
          ? NO_USERS
          : { status: 200, body: { users: (await store.listUsers()).map(describeUser) } },
    },
  ];
}

const GONE = refusal('ERR_NO_EXCHANGE', 'There is no such exchange (any more).');
const NO_USERS = refusal('ERR_NO_USERS', 'The API is a backend of your own: its users are not here.');

function refusal(code: string, message: string): JsonAnswer {
  return { status: 404, body: { error: { code, message } } };
}

function overview({ inspector, facts, auth, store, now }: InspectorRoutesDeps): Overview {
  const { version, frontend, api, mode, users } = facts;
  return {
    version,
    frontend,
    api,
    mode,
    auth: store === null ? null : { basePath: auth.basePath },
    accessCookie: auth.cookies.accessName,
    refreshCookie: auth.cookies.refreshName,
    users,
    now: now().toISOString(),
    ...inspector.counts(),
  };
}

/** Whether secrets were asked for. */
function reveal(query: URLSearchParams): { readonly reveal: boolean } {
  return { reveal: query.get('reveal') === '1' };
}

/** @throws JwtDevError ERR_USAGE */
function wholeNumber(query: URLSearchParams, name: string, missing: number, most: number): number {
  const text = query.get(name);
  if (text === null) return missing;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new JwtDevError('ERR_USAGE', `${name} must be a whole number, ${most} at most, not "${text}"`);
}

/** Never its password's hash. */
function describeUser({ id, username, email, isActive, emailVerified, joinedAt }: User): object {
  const createdAt = new Date(joinedAt).toISOString();
  return { id, username, email, isActive, verified: emailVerified, createdAt };
}
