import type { StoredFinding } from '../watch/finding-store.ts';
import type { ExchangePage, InspectorEvent } from './types.ts';

/** Tells subscribers what is new, in batches. Costs nothing as long as there are none. */
export interface Announcer {
  /** Something passed, recorded or not. */
  readonly passed: () => void;
  readonly finding: (finding: StoredFinding) => void;
  readonly mail: () => void;
  readonly cleared: () => void;
  readonly findingsCleared: () => void;
  /** @returns how to stop. */
  readonly subscribe: (listener: (event: InspectorEvent) => void) => () => void;
  readonly close: () => void;
}

export interface AnnouncerDeps {
  /** The number of the newest exchange. */
  readonly last: () => number;
  readonly page: (after: number, limit: number) => Promise<ExchangePage>;
  /** Has all that passed looked at for findings, which come as `finding`. */
  readonly lookForFindings: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** How long a batch is waited for, in milliseconds. */
const BATCH_MS = 100;
/** More than that at once would be a pause of its own when it becomes JSON. */
const BATCH_ROWS = 500;

export function createAnnouncer(deps: AnnouncerDeps): Announcer {
  const listeners = new Set<(event: InspectorEvent) => void>();
  /** By what tells one finding from another: of each only the last time is told. */
  const findings = new Map<string, StoredFinding>();
  let timer: NodeJS.Timeout | undefined;
  let isTelling = false;
  let hasMail = false;
  let hasPassed = false;
  /** The number of the last one that was told. */
  let told = 0;

  const tell = (event: InspectorEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        deps.onError(error);
      }
    }
  };
  const tellExchanges = async (): Promise<void> => {
    const last = deps.last();
    while (told < last && listeners.size > 0) {
      const { exchanges, last: reached, dropped, missed } = await deps.page(told, BATCH_ROWS);
      // What was cleared in the meantime is not there any more.
      told = Math.max(told, reached);
      if (exchanges.length === 0) return;
      tell({ type: 'exchanges', exchanges, dropped, missed });
    }
  };
  const tellFindings = async (): Promise<void> => {
    if (findings.size === 0) return;
    const { describeFinding } = await import('../../verdicts/findings/format.ts');
    // They may have been cleared in the meantime.
    const due = [...findings.values()];
    findings.clear();
    for (const finding of due) tell({ type: 'finding', finding: describeFinding(finding, finding) });
  };
  const tellAll = async (): Promise<void> => {
    isTelling = true;
    hasPassed = false;
    try {
      await deps.lookForFindings();
      // A finding of an exchange that nobody was told of would be about nothing.
      await tellExchanges();
      await tellFindings();
      if (hasMail) {
        hasMail = false;
        tell({ type: 'mail' });
      }
    } catch (error) {
      deps.onError(error);
    } finally {
      isTelling = false;
    }
    if (hasPassed || told < deps.last() || findings.size > 0 || hasMail) schedule();
  };
  const schedule = (): void => {
    if (listeners.size === 0 || timer !== undefined || isTelling) return;
    timer = setTimeout(() => {
      timer = undefined;
      void tellAll();
    }, BATCH_MS);
    timer.unref();
  };
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    findings.clear();
    hasMail = false;
    hasPassed = false;
  };

  return {
    passed: () => {
      if (listeners.size === 0) return;
      hasPassed = true;
      schedule();
    },
    finding: (finding) => {
      if (listeners.size === 0) return;
      findings.set(JSON.stringify([finding.code, finding.host, finding.subject]), finding);
      schedule();
    },
    mail: () => {
      if (listeners.size === 0) return;
      hasMail = true;
      schedule();
    },
    cleared: () => {
      told = deps.last();
      tell({ type: 'cleared' });
    },
    findingsCleared: () => {
      findings.clear();
      tell({ type: 'findings-cleared' });
    },
    subscribe: (listener) => {
      // For those who are there already nothing changes.
      if (listeners.size === 0) told = deps.last();
      // A listener of its own, however often the same function comes.
      const own = (event: InspectorEvent): void => listener(event);
      listeners.add(own);
      return () => {
        listeners.delete(own);
        if (listeners.size === 0) stop();
      };
    },
    close: () => {
      listeners.clear();
      stop();
    },
  };
}
