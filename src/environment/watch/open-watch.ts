import { performance } from 'node:perf_hooks';
import type { Config } from '../../config/types.ts';
import { createTrafficWatch, type TrafficWatch, type TrafficWatchDeps } from './traffic-watch.ts';
import { watchSettings } from './watch-settings.ts';

export interface OpenWatchDeps
  extends Pick<TrafficWatchDeps, 'port' | 'onFinding' | 'onEachFinding' | 'onWarning' | 'now'> {}

/** The watch over the live traffic of a configuration's hosts. */
export function openWatch(config: Config, deps: OpenWatchDeps): TrafficWatch {
  return createTrafficWatch({
    ...deps,
    frontendHostname: config.frontend.hostname,
    silence: config.findings.silence,
    clock: () => performance.now(),
    loadRules: async () => {
      const { createWatch } = await import('../../verdicts/watch/create-watch.ts');
      return createWatch(watchSettings(config, deps.port()));
    },
  });
}
