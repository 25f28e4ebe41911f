import type { FindingCode } from './codes.ts';
import { withoutSecrets } from './redact.ts';
import { FINDINGS } from './table.ts';
import type { Finding, Fix, FixPlace, Severity } from './types.ts';

/** How often a finding came up, and when (milliseconds since 1970). */
export interface Seen {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A finding as `--json`, the control server and the page carry it. */
export interface DescribedFinding {
  readonly code: FindingCode;
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  readonly host: string;
  readonly subject: string;
  readonly evidence: string;
  readonly cause: string;
  /** Chromium's own name. */
  readonly reason: string | null;
  /** Those of the case first, then those of the kind. */
  readonly fixes: readonly Fix[];
  readonly source: string;
  readonly exchanges: readonly string[];
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** The whole of a finding as data, without secrets. */
export function describeFinding(finding: Finding, seen: Seen = seenOnce(finding)): DescribedFinding {
  const { name, severity, title, cause, source } = FINDINGS[finding.code];
  return {
    code: finding.code,
    name,
    severity,
    title,
    host: finding.host,
    subject: withoutSecrets(finding.subject),
    evidence: withoutSecrets(finding.evidence),
    cause,
    reason: finding.reason ?? null,
    fixes: allFixes(finding),
    source,
    exchanges: finding.exchanges,
    count: seen.count,
    firstAt: new Date(seen.firstAt).toISOString(),
    lastAt: new Date(seen.lastAt).toISOString(),
  };
}

/**
 * A finding as lines of plain text: its head, then (indented) what was seen, why, and each fix.
 * @param count how often it came up.
 */
export function formatFinding(finding: Finding, count = 1): readonly string[] {
  return formatDescribed(describeFinding(finding, { ...seenOnce(finding), count }));
}

/** The same for one that has been described. */
export function formatDescribed(described: DescribedFinding): readonly string[] {
  return [formatHead(described), ...indent([described.evidence]), ...formatReasons(described)];
}

/** One line: `JD102 request without credentials  api.example.com  (3 times)`. */
export function formatHead(finding: Pick<DescribedFinding, 'code' | 'title' | 'host' | 'count'>): string {
  const times = finding.count === 1 ? '' : `  (${finding.count} times)`;
  const host = finding.host === '' ? '' : `  ${finding.host}`;
  return `${finding.code} ${finding.title}${host}${times}`;
}

/** Why, and what to do about it: the same below a finding and below an explanation. */
export function formatReasons(what: {
  readonly cause: string;
  readonly fixes: readonly Fix[];
}): readonly string[] {
  return indent([`Why: ${what.cause}`, ...what.fixes.map(({ place, text }) => `Fix (${place}): ${text}`)]);
}

const INDENT = '  ';

/** Each line of each text, two spaces in; the further lines of one text two more. */
export function indent(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) =>
    text.split('\n').map((line, index) => `${INDENT}${index === 0 ? '' : INDENT}${line}`),
  );
}

function allFixes(finding: Finding): readonly Fix[] {
  const own = finding.fixes ?? [];
  const general = FINDINGS[finding.code].fixes.filter(
    (fix) =>
      (finding.stack === undefined || OF_ANY_STACK.has(fix.place)) &&
      !own.some(({ place, text }) => place === fix.place && whatIsSet(text) === whatIsSet(fix.text)),
  );
  return [...own.map(({ place, text }) => ({ place, text: withoutSecrets(text) })), ...general];
}

const OF_ANY_STACK: ReadonlySet<FixPlace> = new Set(['browser', 'terminal', 'jwt-dev.config.json']);

/** The setting or the function that a fix begins with: with the values of the case it takes the place of the general one. */
function whatIsSet(text: string): string {
  return /^(?:jwt-dev \S+|[\w.]+)/.exec(text)?.[0] ?? text;
}

function seenOnce({ at }: Finding): Seen {
  return { count: 1, firstAt: at, lastAt: at };
}
