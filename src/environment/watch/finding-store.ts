import type { Finding } from '../../verdicts/findings/types.ts';

/** A finding and how often it came up. Evidence, fixes and exchanges are those of the last time. */
export interface StoredFinding extends Finding {
  readonly count: number;
  /** Milliseconds since 1970, as `at`. */
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface FindingStore {
  /** Takes a finding in. undefined: it is silenced. */
  add(finding: Finding): StoredFinding | undefined;
  /** In the order in which they first came up. */
  list(): readonly StoredFinding[];
  clear(): void;
}

/** More different ones than anybody reads; what has not come up for longest goes. */
const CAPACITY = 300;
const EXCHANGES = 10;

/** Findings in bounded memory, each once: code, host and subject tell one from another. */
export function createFindingStore(
  silenced: ReadonlySet<string> = new Set(),
  capacity: number = CAPACITY,
): FindingStore {
  /** The one that came up last is last. */
  const byKey = new Map<string, StoredFinding>();
  return {
    add: (finding) => {
      if (silenced.has(finding.code)) return undefined;
      const key = JSON.stringify([finding.code, finding.host, finding.subject]);
      const before = byKey.get(key);
      const stored: StoredFinding = {
        ...finding,
        exchanges: finding.exchanges.slice(-EXCHANGES),
        count: (before?.count ?? 0) + 1,
        firstAt: before?.firstAt ?? finding.at,
        lastAt: Math.max(finding.at, before?.lastAt ?? finding.at),
      };
      byKey.delete(key);
      byKey.set(key, stored);
      for (const oldest of byKey.keys()) {
        if (byKey.size <= capacity) break;
        byKey.delete(oldest);
      }
      return stored;
    },
    list: () => [...byKey.values()].toSorted((one, other) => one.firstAt - other.firstAt),
    clear: () => byKey.clear(),
  };
}
