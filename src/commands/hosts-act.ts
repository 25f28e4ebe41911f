import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { applyHosts, inspectHosts, inspectRemoveAll, removeAllHosts } from '../hosts/apply.ts';
import { formatReport, formatSwitches, reportJson } from '../hosts/format.ts';
import { type HostsReport, type HostsRequest, isInPlace } from '../hosts/request.ts';
import type { HostsWorld } from '../hosts/world.ts';
import { reportAfterApply } from './hosts-after.ts';
import { type HostsTarget, hostsTargets } from './hosts-targets.ts';
import type { HostsOptions } from './hosts.ts';
import { hostsRequest, hostsWorld, runStepElevated } from './hosts-world.ts';

/** Carries out `jwt-dev hosts`. Under WSL the Windows file follows the Linux one. */
export async function actOnHosts(options: HostsOptions, context: Context, config: Config): Promise<number> {
  const world = hostsWorld(context);
  if (options.restore === true) {
    const { restore } = await import('./hosts-restore.ts');
    return restore(options, context, config, world);
  }
  const request = {
    ...hostsRequest(config, options.force),
    ...(options.remove === true ? { entries: [] } : {}),
  };
  const targets = await hostsTargets(request, context, world);
  const writes = (options.apply === true || options.remove === true) && options.dryRun !== true;
  const reports: HostsReport[] = [];
  for (const target of targets) {
    const report = await inspect(target.request, options, target.world);
    if (!writes) {
      reports.push(report);
      continue;
    }
    for (const line of formatSwitches(report)) context.output.info(line);
    const done = await writeTarget(target, options, context, config);
    // Refused, or printed by the elevated step.
    if (typeof done === 'number') return done;
    reports.push(done);
  }
  if (writes) return reportAfterApply(reports, request, context, world);
  return show(reports, options, context);
}

async function inspect(
  request: HostsRequest,
  options: HostsOptions,
  world: HostsWorld,
): Promise<HostsReport> {
  if (options.all === true) return inspectRemoveAll(request.file, world);
  return inspectHosts(request, world);
}

async function writeTarget(
  { request, world, elevation }: HostsTarget,
  options: HostsOptions,
  context: Context,
  config: Config,
): Promise<HostsReport | number> {
  try {
    return await (options.all === true ? removeAllHosts(request.file, world) : applyHosts(request, world));
  } catch (error) {
    if (!(error instanceof JwtDevError)) throw error;
    if (error.code === 'ERR_HOSTS_CONFLICT' && context.output.json) return refuse(error, context);
    if (error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    const step = stepArguments(options, request.file, context, config);
    const exitCode = await runStepElevated(step, error, context, elevation);
    if (elevation.way === 'sudo' || exitCode !== EXIT.done) return exitCode;
    // The step ran in a window of its own, which has closed: say here what there is now.
    const report = await inspect(request, options, world);
    return { ...report, applied: isInPlace(report) };
  }
}

/** The documented answer has a place for conflicts, so that it is given here too, beside the error. */
function refuse(error: JwtDevError, { output }: Context): number {
  const { code, message, hint, details, facts, exitCode } = error;
  output.result({ ...facts, error: { code, message, hint: hint ?? null, details } }, '');
  output.error([`${message} (${code})`, ...details.map((detail) => `  - ${detail}`)].join('\n'));
  return exitCode;
}

/** The command line of this very step, with absolute paths: it may run in another directory. */
export function stepArguments(
  options: HostsOptions,
  file: string,
  context: Context,
  config: Config,
): readonly string[] {
  return [
    'hosts',
    ...(['apply', 'remove', 'all', 'restore', 'force'] as const)
      .filter((flag) => options[flag] === true)
      .map((flag) => `--${flag}`),
    '--file',
    file,
    ...(config.file === null ? [] : ['--config', config.file]),
    ...(context.output.json ? ['--json'] : []),
    '--elevated',
  ];
}

function show(reports: readonly HostsReport[], options: HostsOptions, context: Context): number {
  const { output } = context;
  const [report, windows] = reports;
  if (report === undefined) return EXIT.failed;
  output.result(
    { ...reportJson(report), ...(windows === undefined ? {} : { windows: reportJson(windows) }) },
    reports.map((each) => formatReport(each, output)).join('\n\n'),
  );
  for (const line of reports.flatMap(formatSwitches)) output.info(line);
  const inPlace = reports.every(isInPlace);
  if (options.check === true) {
    if (!inPlace) output.info('Not in place. Write the entries with: jwt-dev hosts --apply');
    return inPlace ? EXIT.done : EXIT.drift;
  }
  const refused = reports.some(({ conflicts }) => conflicts.length > 0);
  if (refused) output.info('Applying this would be refused; see --force in: jwt-dev hosts --help');
  else if (!inPlace && options.dryRun !== true) output.info('Write it with: jwt-dev hosts --apply');
  // What --apply --dry-run shows is what --apply would do, also that it would fail.
  return refused && options.apply === true ? EXIT.failed : EXIT.done;
}
