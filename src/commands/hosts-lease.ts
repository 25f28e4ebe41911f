import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { JwtDevError } from '../errors.ts';
import { inspectHosts } from '../hosts/apply.ts';
import { beginLease, type HostsLease, startLease } from '../hosts/lease.ts';
import { spawnWatchdog, WATCHDOG_COMMAND } from '../hosts/watchdog-process.ts';
import { hostsRequest, hostsWorld, runStepElevated } from './hosts-world.ts';

/**
 * Applies the configuration's entries for as long as this process lives; `close` ends that early. Where the file
 * needs root and a person is there, only the step that writes and watches runs through sudo.
 * @throws JwtDevError ERR_PRIVILEGE_REQUIRED with the command to run instead; all of `applyHosts`.
 */
export async function leaseHosts(context: Context, config: Config): Promise<HostsLease> {
  const world = hostsWorld(context);
  const request = hostsRequest(config);
  return startLease(request, world, async (leaseFile) => {
    try {
      return await beginLease(leaseFile, world, (file) => spawnWatchdog(context.self, file, context.env));
    } catch (error) {
      if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
      await runStepElevated([WATCHDOG_COMMAND, leaseFile, '--begin'], error, context);
      return { ...(await inspectHosts(request, world)), applied: true };
    }
  });
}
