import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { findBackup, type RestoreReport, restoreHosts } from '../hosts/restore.ts';
import type { HostsWorld } from '../hosts/world.ts';
import type { HostsOptions } from './hosts.ts';
import { stepArguments } from './hosts-act.ts';
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
  const report = await restoreOrElevate(options, context, config, world);
  context.output.result(
    report,
    `Put ${report.restored} back as ${file}\nWhat was there is now in ${report.backup ?? 'no backup'}`,
  );
  return EXIT.done;
}

async function restoreOrElevate(
  options: HostsOptions,
  context: Context,
  config: Config,
  world: HostsWorld,
): Promise<RestoreReport> {
  const { file } = config.hosts;
  try {
    return await restoreHosts(file, world);
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    const { path } = await findBackup(file, world);
    const answer = await runStepElevated(stepArguments(options, file, context, config), error, context);
    const done: RestoreReport = { file, restored: path, changed: true, applied: true, backup: null };
    return answer === null ? done : (answer as unknown as RestoreReport);
  }
}
