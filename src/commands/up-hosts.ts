import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { JwtDevError } from '../errors.ts';
import { type HostsReport, isInPlace } from '../hosts/request.ts';
import { hostsRequest, hostsWorld, runStepElevated } from './hosts-world.ts';

export interface SettledHosts {
  /** What the user must still do for browsers to find the names, or null. */
  readonly advice: string | null;
  /** Takes leased entries out again. */
  readonly close: () => Promise<void>;
}

const NOTHING_TO_CLOSE = async (): Promise<void> => undefined;

/**
 * Makes the hosts file say where the names lead, but only with consent: given beforehand
 * (`--apply-hosts`, `hosts.apply`, `hosts.lease`) or in the terminal, once. Otherwise says the command.
 */
export async function settleHosts(config: Config, context: Context): Promise<SettledHosts> {
  if (config.hosts.lease) {
    const { leaseHosts } = await import('./hosts-lease.ts');
    const { close } = await leaseHosts(context, config);
    return { advice: null, close };
  }
  const { inspectHosts } = await import('../hosts/apply.ts');
  const report = await inspectHosts(hostsRequest(config), hostsWorld(context));
  if (isInPlace(report)) return { advice: null, close: NOTHING_TO_CLOSE };
  const consents = config.hosts.apply || (await agrees(report, context));
  if (!consents) return { advice: adviceFor(report, config, context), close: NOTHING_TO_CLOSE };
  await apply(config, context);
  return { advice: null, close: NOTHING_TO_CLOSE };
}

/** @throws JwtDevError ERR_PRIVILEGE_REQUIRED with the command where nobody can be asked; all of `applyHosts`. */
async function apply(config: Config, context: Context): Promise<void> {
  const { applyHosts } = await import('../hosts/apply.ts');
  const { stepArguments } = await import('./hosts-act.ts');
  const request = hostsRequest(config);
  try {
    await applyHosts(request, hostsWorld(context));
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    await runStepElevated(stepArguments({ apply: true }, request.file, context, config), error, context);
  }
}

async function agrees(report: HostsReport, context: Context): Promise<boolean> {
  if (!context.interactive || report.conflicts.length > 0) return false;
  return context.confirm(`${names(report)} do not lead to this machine yet. Add them to ${report.file}?`);
}

function adviceFor(report: HostsReport, config: Config, context: Context): string {
  const file = config.file === null ? '' : ` --config ${config.file}`;
  const command = `${context.self.typed} hosts --apply${file}`;
  if (report.conflicts.length === 0) {
    return `${names(report)}: not in ${report.file}, so browsers do not find them here. Run: ${command}`;
  }
  const where = report.conflicts.map(
    ({ line, hostname, found }) => `line ${line} maps ${hostname} to ${found}`,
  );
  return `${report.file}: ${where.join('; ')}. See what would be done: ${context.self.typed} hosts${file}`;
}

function names(report: HostsReport): string {
  return [
    ...new Set(report.changes.filter(({ kind }) => kind === 'add').map(({ hostname }) => hostname)),
  ].join(', ');
}
