import path from 'node:path';
import { allHosts, type Config } from '../config/types.ts';

/** One name for one address: what a line of a hosts file says. */
export interface HostsEntry {
  readonly address: string;
  readonly hostname: string;
}

/** What the hosts file must say for this configuration: every host at every address. */
export function wantedEntries(
  config: Pick<Config, 'frontend' | 'api' | 'extraHosts' | 'hosts'>,
): readonly HostsEntry[] {
  return allHosts(config).flatMap(({ hostname }) =>
    config.hosts.addresses.map((address) => ({ address, hostname })),
  );
}

/**
 * The name of this configuration's block. Without a configuration file it is the same in every directory,
 * as the names are: what was applied in one place can be removed in another.
 */
export function hostsBlockId(config: Pick<Config, 'file' | 'stateDir'>): string {
  return config.file === null ? 'default' : path.basename(config.stateDir);
}
