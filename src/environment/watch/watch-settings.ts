import { allHosts, type Config } from '../../config/types.ts';
import { PROBE_AGENT } from '../../control/identity.ts';
import type { WatchSettings } from '../../verdicts/watch/types.ts';
import { originOf } from '../urls.ts';

/** What the rules and the views must know of a configuration's site. `port`: https, as clients write it. */
export function watchSettings(config: Config, port: number): WatchSettings {
  return {
    frontendOrigin: originOf(config.frontend.hostname, port),
    apiOrigin: originOf(config.api.hostname, port),
    accessCookie: config.auth.cookies.accessName,
    refreshCookie: config.auth.cookies.refreshName,
    // `doctor --api` plays strangers and old browsers, and tells by itself what came of it.
    ownAgent: PROBE_AGENT,
    hostnames: allHosts(config).map(({ hostname }) => hostname),
  };
}
