import type { DescribedFinding } from '../shapes.ts';

/** Takes a finding in: instead of the one of the same code, host and subject, or as a new one. */
export function mergeFinding(
  known: readonly DescribedFinding[],
  finding: DescribedFinding,
): readonly DescribedFinding[] {
  const rest = known.filter((each) => findingKey(each) !== findingKey(finding));
  return [...rest, finding];
}

export function findingKey({ code, host, subject }: DescribedFinding): string {
  return `${code} ${host} ${subject}`;
}

const URGENCY = { error: 0, warning: 1, info: 2 } as const;

/** Errors first; of equal weight, what came up last first. */
export function byUrgency(findings: readonly DescribedFinding[]): readonly DescribedFinding[] {
  return findings.toSorted(
    (a, b) => URGENCY[a.severity] - URGENCY[b.severity] || b.lastAt.localeCompare(a.lastAt),
  );
}
