import { createPathTable, type PathTable } from './path-table.ts';
import type { Route, Upstream } from './types.ts';

/**
 * The host name of a `Host` field or `:authority`: lower-case, without port and final dot.
 * undefined: not a valid authority of RFC 3986, section 3.2 (or one with user information).
 */
export function parseHostname(authority: string): string | undefined {
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9_][a-z0-9._-]*?)\.?(?::\d{0,5})?$/i.exec(authority);
  return found?.[1]?.toLowerCase();
}

export interface RouteTable {
  readonly hostnames: readonly string[];
  /** By exact host name, as `parseHostname` gives it. */
  find(hostname: string): Route | undefined;
  /** The upstream for a path (and query) of that host; undefined: the path is ambiguous, see `createPathTable`. */
  upstreamFor(route: Route, target: string): Upstream | undefined;
}

export function createRouteTable(routes: readonly Route[]): RouteTable {
  const byHostname = new Map(routes.map((route) => [route.hostname, route]));
  const tables = new Map<Route, PathTable>();
  for (const route of routes) if (route.paths.length > 0) tables.set(route, createPathTable(route));
  return {
    hostnames: [...byHostname.keys()],
    find: (hostname) => byHostname.get(hostname),
    upstreamFor: (route, target) => {
      if (route.own !== undefined && isBelow(route.own.prefix, target)) return route.own.upstream;
      return route.paths.length === 0 ? route.upstream : tables.get(route)?.find(target);
    },
  };
}

/**
 * Of a part that is ours only the plain spelling counts, and no other one is looked for: whichever server gets an odd one
 * has nothing there.
 */
function isBelow(prefix: string, target: string): boolean {
  if (!target.startsWith(prefix)) return false;
  const next = target[prefix.length];
  return next === undefined || next === '/' || next === '?';
}
