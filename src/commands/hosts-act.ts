import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { applyHosts, inspectHosts, inspectRemoveAll, removeAllHosts } from '../hosts/apply.ts';
import { formatReport, formatSwitches, reportJson } from '../hosts/format.ts';
import { type HostsReport, type HostsRequest, isInPlace } from '../hosts/request.ts';
import type { HostsWorld } from '../hosts/world.ts';
import type { HostsOptions } from './hosts.ts';
import { reportWritten, settleNames, type Written } from './hosts-after.ts';
import { type HostsTarget, hostsTargets } from './hosts-targets.ts';
import { hostsRequest, hostsWorld, runStepElevated } from './hosts-world.ts';

/** Carries out `jwt-dev hosts`. Under WSL the Windows file follows the Linux one. */
export async function actOnHosts(options: HostsOptions, context: Context, config: Config): Promise<number> {
  const world = hostsWorld(context);
  if (options.restore === true) {
    const { restore } = await import('./hosts-restore.ts');
    return restore(options, context, config, world);
  }
  const wanted = hostsRequest(config, options.force);
  const request = options.remove === true ? { ...wanted, entries: [] } : wanted;
  const targets = await hostsTargets(request, context, world);
  if ((options.apply !== true && options.remove !== true) || options.dryRun === true) {
    const reports = await Promise.all(
      targets.map((target) => inspect(target.request, options, target.world)),
    );
    return show(reports, options, context);
  }
  const written: Written[] = [];
  for (const target of targets) {
    // --force says what it will do before it does it.
    if (options.force === true) {
      for (const line of formatSwitches(await inspectHosts(target.request, world))) context.output.info(line);
    }
    try {
      written.push(await write(target, options, context, config));
    } catch (error) {
      if (error instanceof JwtDevError && error.code === 'ERR_HOSTS_CONFLICT' && context.output.json) {
        return refuse(error, context);
      }
      throw error;
    }
  }
  return reportWritten(written, request, context);
}

/**
 * Writes the entries of the configuration for good, with consent already given: `up --apply-hosts`. Through sudo
 * where that is needed and a person is there; under WSL into the Windows file too. Prints no answer.
 * @throws JwtDevError ERR_PRIVILEGE_REQUIRED with the command where nobody can be asked; all of `applyHosts`.
 */
export async function applyConfiguredHosts(context: Context, config: Config): Promise<readonly Written[]> {
  const written: Written[] = [];
  for (const target of await hostsTargets(hostsRequest(config), context, hostsWorld(context))) {
    written.push(await write(target, { apply: true }, context, config));
  }
  return written;
}

function inspect(request: HostsRequest, options: HostsOptions, world: HostsWorld): Promise<HostsReport> {
  return options.all === true ? inspectRemoveAll(request.file, world) : inspectHosts(request, world);
}

async function write(
  { request, world, elevation }: HostsTarget,
  options: HostsOptions,
  context: Context,
  config: Config,
): Promise<Written> {
  try {
    const report = await (options.all === true
      ? removeAllHosts(request.file, world)
      : applyHosts(request, world));
    return { report, ...(await settleNames(report, request, context, world)) };
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    const step = stepArguments(options, request.file, context, config);
    const answer = await runStepElevated(step, error, context, elevation);
    const report = await inspect(request, options, world);
    const nothing = { caches: [], resolution: [] };
    if (answer === null) return { report: { ...report, applied: isInPlace(report) }, ...nothing };
    const {
      caches = [],
      resolution = [],
      changed,
      applied,
      changes,
      backup,
    } = answer as unknown as StepAnswer;
    return { report: { ...report, changed, applied, changes, backup }, caches, resolution };
  }
}

type StepAnswer = Pick<HostsReport, 'changed' | 'applied' | 'changes' | 'backup'> &
  Partial<Omit<Written, 'report'>>;

/** The command line of this very step, with absolute paths: it may run in another directory. */
export function stepArguments(
  options: HostsOptions,
  file: string,
  { output }: Pick<Context, 'output'>,
  config: Pick<Config, 'file'>,
): readonly string[] {
  return [
    'hosts',
    ...(['apply', 'remove', 'all', 'restore', 'force', 'elevated'] as const)
      .filter((flag) => options[flag] === true)
      .map((flag) => `--${flag}`),
    '--file',
    file,
    ...(config.file === null ? [] : ['--config', config.file]),
    ...(output.json ? ['--json'] : []),
  ];
}

function show(reports: readonly HostsReport[], options: HostsOptions, { output, self }: Context): number {
  const [report, windows] = reports;
  if (report === undefined) return EXIT.failed;
  output.result(
    { ...reportJson(report), ...(windows === undefined ? {} : { windows: reportJson(windows) }) },
    reports.map((each) => formatReport(each, output)).join('\n\n'),
  );
  for (const line of reports.flatMap(formatSwitches)) output.info(line);
  const inPlace = reports.every(isInPlace);
  if (options.check === true) {
    if (!inPlace) output.info(`Not in place. Write the entries with: ${self.typed} hosts --apply`);
    return inPlace ? EXIT.done : EXIT.drift;
  }
  const refused = reports.some(({ conflicts }) => conflicts.length > 0);
  if (refused) output.info(`Applying this would be refused; see --force in: ${self.typed} hosts --help`);
  else if (!inPlace && options.dryRun !== true) output.info(`Write it with: ${self.typed} hosts --apply`);
  // What --apply --dry-run shows is what --apply would do, also that it would fail.
  return refused && options.apply === true ? EXIT.failed : EXIT.done;
}

/** The documented answer has a place for conflicts, so that it is given here too, beside the error. */
function refuse(error: JwtDevError, { output }: Context): number {
  const { code, message, hint, details, facts, exitCode } = error;
  output.result({ ...facts, error: { code, message, hint: hint ?? null, details } }, '');
  output.error([`${message} (${code})`, ...details.map((detail) => `  - ${detail}`)].join('\n'));
  return exitCode;
}
