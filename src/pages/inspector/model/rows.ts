import type { DescribedFinding, ExchangeRow } from '../shapes.ts';

/**
 * Puts new rows behind those that are there, in the order of their numbers, each once; of more than `capacity` the oldest
 * are let go of.
 */
export function mergeRows(
  known: readonly ExchangeRow[],
  added: readonly ExchangeRow[],
  capacity: number,
): readonly ExchangeRow[] {
  if (added.length === 0) return known;
  const last = known.at(-1)?.seq ?? -1;
  const isBehind = added.every(({ seq }, at) => seq > (added[at - 1]?.seq ?? last));
  const merged = isBehind ? [...known, ...added] : inOrder([...known, ...added]);
  return merged.length > capacity ? merged.slice(merged.length - capacity) : merged;
}

function inOrder(rows: readonly ExchangeRow[]): readonly ExchangeRow[] {
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq);
}

/** Where the row with that number stands, or the first one behind it. */
export function indexOfSeq(rows: readonly ExchangeRow[], seq: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.seq ?? seq) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows without their findings: these were cleared. */
export function unmarkRows(rows: readonly ExchangeRow[]): readonly ExchangeRow[] {
  return rows.map((row) => (row.findings.length === 0 ? row : { ...row, findings: [] }));
}

/** Marks the rows that a finding is about: it may come after its exchange. */
export function markRows(
  rows: readonly ExchangeRow[],
  { code, exchanges }: Pick<DescribedFinding, 'code' | 'exchanges'>,
): readonly ExchangeRow[] {
  const isMarked = (row: ExchangeRow): boolean => row.findings.includes(code) || !exchanges.includes(row.id);
  if (rows.every(isMarked)) return rows;
  return rows.map((row) => (isMarked(row) ? row : { ...row, findings: [...row.findings, code] }));
}
