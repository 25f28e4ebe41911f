import type { StoreReport, StoreStatus } from '../certs/trust/report.ts';
import type { ClientReport } from '../certs/verify/handshake.ts';
import { formatTable } from './table.ts';

const STATUS_TEXT: Readonly<Record<StoreStatus, string>> = {
  trusted: 'trusted',
  'not-trusted': 'not trusted',
  removed: 'removed',
  'needs-root': 'needs root',
  failed: 'failed',
  unusable: 'not possible',
};

/** The table at the end: one line per store, and below it what is left for the user to type. */
export function formatStores(reports: readonly StoreReport[]): string {
  if (reports.length === 0) return 'There is no trust store on this machine.';
  const rows = reports.map(({ label, status, location, why }) => [
    label,
    STATUS_TEXT[status],
    why ?? location,
  ]);
  const commands = reports.filter(({ status }) => status !== 'trusted').flatMap((report) => report.commands);
  return commands.length === 0
    ? formatTable(rows)
    : `${formatTable(rows)}\n\nTo do by hand:\n${indent(commands)}`;
}

/** What is about to happen, with the exact commands; `nothing` where there is nothing to do. */
export function formatPlan(reports: readonly StoreReport[], nothing: string): string {
  if (reports.length === 0) return nothing;
  return reports
    .map(({ label, location, commands, why }) =>
      [
        `${label}: ${location}`,
        ...(why === null ? [] : [`  ${why}`]),
        ...(commands.length === 0 ? [] : [indent(commands)]),
      ].join('\n'),
    )
    .join('\n');
}

/** Which clients really connected. */
export function formatClients(reports: readonly ClientReport[]): string {
  return formatTable(
    reports.map(({ label, connected, note }) => [
      label,
      connected === null ? 'not tried' : connected ? 'verified by handshake' : 'refused',
      note ?? '',
    ]),
  );
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
