import type { EnsureInput } from '../certs/ensure.ts';
import { allHosts, type Config } from '../config/types.ts';

type World = Pick<EnsureInput, 'paths' | 'now' | 'owner' | 'pid'>;

/** The certificates that a configuration asks for: one leaf for all of its hosts. Pure. */
export function certificateRequest(config: Config, { paths, now, owner, pid }: World): EnsureInput {
  return {
    paths,
    stateDir: config.stateDir,
    site: config.site,
    hostnames: allHosts(config).map(({ hostname }) => hostname),
    mode: config.tls.mode,
    now,
    owner,
    pid,
  };
}
