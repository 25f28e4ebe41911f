import type { Finding, FindingStatus } from './types.ts';

interface Styles {
  style(format: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string): string;
}

const COLOUR = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const;

export type Counts = Readonly<Record<FindingStatus, number>>;

export function countFindings(findings: readonly Finding[]): Counts {
  const counts = { ok: 0, warn: 0, fail: 0, skip: 0 };
  for (const { status } of findings) counts[status] += 1;
  return counts;
}

/** The findings for people: one line each, and below it what is wrong and what to do about it. */
export function formatFindings(findings: readonly Finding[], styles: Styles): string {
  const width = Math.max(0, ...findings.map(({ id }) => id.length));
  const lines = findings.flatMap(({ id, title, status, evidence, cause, fix }) => {
    const head = `${styles.style(COLOUR[status], status.padEnd(4))}  ${id.padEnd(width)}  `;
    const first = evidence[0] === undefined ? '' : `: ${evidence[0]}`;
    const more = evidence.length > 1 ? ` (and ${evidence.length - 1} more)` : '';
    if (status === 'ok') return [`${head}${title}${styles.style('dim', `${first}${more}`)}`];
    if (status === 'skip') return [`${head}${styles.style('dim', `${title}${first}`)}`];
    const indent = ' '.repeat(8 + width);
    return [
      `${head}${styles.style('bold', title)}`,
      ...evidence.map((line) => `${indent}${line}`),
      ...(cause === null ? [] : [`${indent}Why: ${cause}`]),
      ...(fix === null ? [] : [`${indent}Fix: ${fix}`]),
    ];
  });
  return [...lines, '', formatCounts(countFindings(findings))].join('\n');
}

function formatCounts({ ok, warn, fail, skip }: Counts): string {
  const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
  return [
    `${ok} ok`,
    some(warn, 'warning', 'warnings'),
    some(fail, 'failure', 'failures'),
    `${skip} not checked`,
  ].join(', ');
}
