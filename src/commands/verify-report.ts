import type { Context } from '../context.ts';
import type { ClientOutcome, VerifyFinding, VerifyReport } from '../environment/verify/types.ts';
import { formatReasons, indent } from '../verdicts/findings/format.ts';
import { formatTable } from './table.ts';

type Styles = Pick<Context['output'], 'style'>;

const COLOUR = { pass: 'green', fail: 'red', absent: 'dim' } as const;

/** A client that has just ended, as one line: why it failed is said when all have ended. */
export function formatProgress({ label, status, durationMs }: Omit<ClientOutcome, 'reason'>): string {
  return `${label}: ${status === 'absent' ? 'not tried' : `${status}, ${seconds(durationMs)}`}`;
}

/** The table of clients, then what was found, then what it comes to. */
export function formatVerify(report: VerifyReport, { output }: { readonly output: Styles }): string {
  const { clients, findings } = report;
  const rows = formatTable(
    clients.map(({ label, version, status, durationMs, reason }) => [
      label,
      version ?? '',
      status,
      status === 'absent' ? '' : seconds(durationMs),
      reason ?? '',
    ]),
  ).split('\n');
  const table = clients.map(({ status }, index) =>
    (rows[index] ?? '').replace(`  ${status}`, () => `  ${output.style(COLOUR[status], status)}`),
  );
  return [
    ...table,
    ...findings.flatMap((finding) => ['', ...formatFinding(finding, output)]),
    '',
    summary(report),
  ].join('\n');
}

function formatFinding(
  { code, title, evidence, cause, fixes, severity, seenBy }: VerifyFinding,
  { style }: Styles,
): readonly string[] {
  const head = `${code === null ? '' : `${code} `}${title}`;
  return [
    `${style(severity === 'error' ? 'red' : 'yellow', severity)}: ${style('bold', head)}  ${style('dim', `(seen by ${seenBy.join(', ')})`)}`,
    ...indent(evidence),
    // Without a reason, only what to do.
    ...formatReasons({ cause, fixes }).slice(cause === '' ? 1 : 0),
  ];
}

function summary({ ok, clients, findings }: VerifyReport): string {
  const count = (wanted: ClientOutcome['status']): number =>
    clients.filter(({ status }) => status === wanted).length;
  const counts = `${count('pass')} passed, ${count('fail')} failed, ${count('absent')} not tried`;
  if (ok) return `The login works: ${counts}`;
  if (count('pass') + count('fail') === 0) return `There was no client to try: ${counts}`;
  if (count('fail') > 0) return `The login does not work everywhere: ${counts}`;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return `The login works, and ${errors === 1 ? 'something is' : `${errors} things are`} wrong with it: ${counts}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
