import type { Limits } from './limits.ts';
import type { Route, Upstream } from './types.ts';
import { connectUpstream, type UpstreamConnections } from './upstreams.ts';

/** The connections of all routes. A route that keeps its upstream keeps its connections. */
export interface UpstreamRegistry {
  /** The connections for a route; made when they are first asked for. */
  readonly get: (route: Route) => UpstreamConnections;
  /** Lets go of upstreams that no route names any more; requests under way there still finish. */
  readonly keep: (routes: readonly Route[]) => void;
  readonly destroy: () => Promise<void>;
}

export function createUpstreamRegistry(limits: Limits): UpstreamRegistry {
  const byKey = new Map<string, UpstreamConnections>();
  /** Spares each request the making of a key. */
  let byRoute = new WeakMap<Route, UpstreamConnections>();
  return {
    get: (route) => {
      const known = byRoute.get(route);
      if (known !== undefined) return known;
      const key = keyOf(route.upstream);
      const connections = byKey.get(key) ?? connectUpstream(route.upstream, limits);
      byKey.set(key, connections);
      byRoute.set(route, connections);
      return connections;
    },
    keep: (routes) => {
      byRoute = new WeakMap();
      const wanted = new Set(routes.map((route) => keyOf(route.upstream)));
      for (const [key, connections] of byKey) {
        if (wanted.has(key)) continue;
        byKey.delete(key);
        void connections.close();
      }
    },
    destroy: async () => {
      const all = [...byKey.values()];
      byKey.clear();
      byRoute = new WeakMap();
      await Promise.all(all.map((connections) => connections.destroy()));
    },
  };
}

function keyOf(upstream: Upstream): string {
  return JSON.stringify(upstream);
}
