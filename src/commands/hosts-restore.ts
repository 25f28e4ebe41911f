import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { findBackup, type RestoreReport, restoreHosts } from '../hosts/restore.ts';
import type { HostsWorld } from '../hosts/world.ts';
import { stepArguments } from './hosts-act.ts';
import type { HostsOptions } from './hosts.ts';
import { runStepElevated } from './hosts-world.ts';

/** `jwt-dev hosts --restore`: the last backup, whole, back in its place. */
export async function restore(
  options: HostsOptions,
  context: Context,
  config: Config,
  world: HostsWorld,
): Promise<number> {
  const { file } = config.hosts;
  if (options.dryRun === true) {
    const { path } = await findBackup(file, world);
    const report: RestoreReport = { file, restored: path, changed: true, applied: false, backup: null };
    context.output.result(report, `Would put ${path} back as ${file}`);
    return EXIT.done;
  }
  try {
    const report = await restoreHosts(file, world);
    context.output.result(
      report,
      `Put ${report.restored} back as ${file}\nWhat was there is in ${report.backup ?? 'no backup: it was the same'}`,
    );
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    return runStepElevated(stepArguments(options, file, context, config), error, context);
  }
}
