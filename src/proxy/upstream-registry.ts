import type { Limits } from './limits.ts';
import type { Route, Upstream } from './types.ts';
import { connectUpstream, type UpstreamConnections } from './upstreams.ts';

/** The connections to all upstreams. An upstream that several routes and paths name is connected to once. */
export interface UpstreamRegistry {
  /** The connections to an upstream; made when they are first asked for. */
  readonly get: (upstream: Upstream) => UpstreamConnections;
  /** Lets go of upstreams that no route names any more; requests under way there still finish. */
  readonly keep: (routes: readonly Route[]) => void;
  readonly destroy: () => Promise<void>;
}

export function createUpstreamRegistry(limits: Limits): UpstreamRegistry {
  const byKey = new Map<string, UpstreamConnections>();
  /** Spares each request the making of a key. */
  let byUpstream = new WeakMap<Upstream, UpstreamConnections>();
  return {
    get: (upstream) => {
      const known = byUpstream.get(upstream);
      if (known !== undefined) return known;
      const key = keyOf(upstream);
      const connections = byKey.get(key) ?? connectUpstream(upstream, limits);
      byKey.set(key, connections);
      byUpstream.set(upstream, connections);
      return connections;
    },
    keep: (routes) => {
      byUpstream = new WeakMap();
      const wanted = new Set(routes.flatMap(upstreamsOf).map(keyOf));
      for (const [key, connections] of byKey) {
        if (wanted.has(key)) continue;
        byKey.delete(key);
        void connections.close();
      }
    },
    destroy: async () => {
      const all = [...byKey.values()];
      byKey.clear();
      byUpstream = new WeakMap();
      await Promise.all(all.map((connections) => connections.destroy()));
    },
  };
}

function upstreamsOf(route: Route): Upstream[] {
  return [route.upstream, ...route.paths.map(({ upstream }) => upstream)];
}

/** What the connections depend on. (How its process is doing is a function, which JSON leaves out.) */
function keyOf(upstream: Upstream): string {
  return JSON.stringify(upstream);
}
