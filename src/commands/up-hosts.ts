import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { JwtDevError } from '../errors.ts';
import { type HostsReport, isInPlace } from '../hosts/request.ts';
import { hostsRequest, hostsWorld } from './hosts-world.ts';

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
  const report = await inspect(config, context);
  if (typeof report === 'string') return { advice: report, close: NOTHING_TO_CLOSE };
  if (isInPlace(report)) return { advice: null, close: NOTHING_TO_CLOSE };
  const consents = config.hosts.apply || (await agrees(report, context));
  if (!consents) return { advice: adviceFor(report, config, context), close: NOTHING_TO_CLOSE };
  const { applyConfiguredHosts } = await import('./hosts-act.ts');
  await applyConfiguredHosts(context, config);
  return { advice: null, close: NOTHING_TO_CLOSE };
}

/** Without consent the file is only looked at: one that cannot be read or edited is told and ends nothing. */
async function inspect(config: Config, context: Context): Promise<HostsReport | string> {
  const { inspectHosts } = await import('../hosts/apply.ts');
  try {
    return await inspectHosts(hostsRequest(config), hostsWorld(context));
  } catch (error) {
    if (!(error instanceof JwtDevError) || config.hosts.apply) throw error;
    return [error.message, ...error.details].join('; ');
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
