import { performance } from 'node:perf_hooks';
import { allHosts, type Config } from '../../config/types.ts';
import { PROBE_AGENT } from '../../control/identity.ts';
import { originOf } from '../urls.ts';
import type { StoredFinding } from './finding-store.ts';
import { createTrafficWatch, type TrafficWatch } from './traffic-watch.ts';

export interface OpenWatchDeps {
  /** The https port as clients write it; asked when there is traffic. */
  readonly port: () => number;
  readonly onFinding: (finding: StoredFinding) => void;
  readonly onWarning: (text: string) => void;
  readonly now: () => Date;
}

/** The watch over the live traffic of a configuration's hosts. */
export function openWatch(config: Config, deps: OpenWatchDeps): TrafficWatch {
  return createTrafficWatch({
    ...deps,
    frontendHostname: config.frontend.hostname,
    silence: config.findings.silence,
    clock: () => performance.now(),
    loadRules: async () => {
      const { createWatch } = await import('../../verdicts/watch/create-watch.ts');
      return createWatch({
        frontendOrigin: originOf(config.frontend.hostname, deps.port()),
        apiOrigin: originOf(config.api.hostname, deps.port()),
        accessCookie: config.auth.cookies.accessName,
        refreshCookie: config.auth.cookies.refreshName,
        // `doctor --api` plays strangers and old browsers, and tells by itself what came of it.
        ownAgent: PROBE_AGENT,
        hostnames: allHosts(config).map(({ hostname }) => hostname),
      });
    },
  });
}
