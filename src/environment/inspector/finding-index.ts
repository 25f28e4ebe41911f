import type { FindingCode } from '../../verdicts/findings/codes.ts';
import { createLru } from '../../verdicts/watch/memory/lru.ts';
import type { StoredFinding } from '../watch/finding-store.ts';
import type { ExchangeRow } from './types.ts';

/** Which findings are about which exchange. */
export interface FindingIndex {
  readonly add: (finding: StoredFinding) => void;
  /** The findings of an exchange, as they were when it showed them. */
  readonly of: (id: string) => readonly StoredFinding[];
  /** The row with the codes of its findings. */
  readonly mark: (row: ExchangeRow) => ExchangeRow;
  readonly clear: () => void;
}

/** @param capacity of how many exchanges. */
export function createFindingIndex(capacity: number): FindingIndex {
  let byExchange = createLru<string, readonly StoredFinding[]>(capacity);
  const of = (id: string): readonly StoredFinding[] => byExchange.get(id) ?? NONE;
  return {
    add: (finding) => {
      // A finding names the exchanges before it as well, which have it from the time it was theirs.
      for (const id of finding.exchanges) {
        const before = of(id).filter((known) => !isSame(known, finding));
        byExchange.set(id, [...before, finding]);
      }
    },
    of,
    mark: (row) => {
      const found = of(row.id);
      if (found.length === 0) return row;
      const findings = [...new Set<FindingCode>(found.map(({ code }) => code))];
      return { ...row, findings };
    },
    clear: () => {
      byExchange = createLru(capacity);
    },
  };
}

const NONE: readonly StoredFinding[] = [];

function isSame(one: StoredFinding, other: StoredFinding): boolean {
  return one.code === other.code && one.host === other.host && one.subject === other.subject;
}
