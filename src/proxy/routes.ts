import type { Route } from './types.ts';

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
}

export function createRouteTable(routes: readonly Route[]): RouteTable {
  const byHostname = new Map(routes.map((route) => [route.hostname, route]));
  return {
    hostnames: [...byHostname.keys()],
    find: (hostname) => byHostname.get(hostname),
  };
}
