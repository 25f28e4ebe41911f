import type { Exchange } from '../../proxy/types.ts';
import type { WatchSettings } from '../../verdicts/watch/types.ts';
import type { StoredFinding } from '../watch/finding-store.ts';
import { createAnnouncer } from './announcer.ts';
import { createBodyBudget } from './body-budget.ts';
import { createFindingIndex } from './finding-index.ts';
import { createIntake } from './intake.ts';
import { createLedgerFeed } from './ledger-feed.ts';
import { createRing } from './ring.ts';
import type { ExchangeDetail, ExchangePage, ExchangeRow, InspectorEvent, JarView } from './types.ts';

/** What was recorded of the traffic, and what a browser makes of it. */
export interface Inspector {
  /** For the proxy: whether the next exchange would be kept. More than anybody reads come at once under a load test. */
  readonly isRecording: () => boolean;
  /** For the proxy: notes it, nothing more. */
  readonly onExchange: (exchange: Exchange) => void;
  /** For the proxy: something passed that is not recorded and may show something, as a handshake that failed. */
  readonly onOther: () => void;
  /** For the watch: each finding each time, also where it came up before. Subscribers get it described. */
  readonly onFinding: (finding: StoredFinding) => void;
  /** For the auth API: there is a new mail. */
  readonly onMail: () => void;
  /** Oldest first, those with a `seq` above `after`. */
  readonly page: (after: number, limit: number) => Promise<ExchangePage>;
  /** undefined: it was never recorded, or has been let go of. */
  readonly detail: (id: string, options: Reveal) => Promise<ExchangeDetail | undefined>;
  /** One jar for each browser, the one that was used last first. */
  readonly jars: (options: Reveal) => Promise<readonly JarView[]>;
  readonly counts: () => Counts;
  /** Forgets the exchanges. The jars stay: the browsers still have theirs. */
  readonly clear: () => void;
  /** Forgets which exchange shows what, as the watch forgets what it found. */
  readonly clearFindings: () => void;
  /**
   * Tells what comes from now on, in batches of at most every 100 ms.
   * @returns how to stop.
   */
  readonly subscribe: (listener: (event: InspectorEvent) => void) => () => void;
  /** Ends the subscriptions; nothing is kept after it. */
  readonly close: () => void;
}

export interface Reveal {
  /** Whether secrets are to stand in it. */
  readonly reveal: boolean;
}

export interface Counts {
  /** How many exchanges are kept at most. */
  readonly capacity: number;
  readonly kept: number;
  /** How many were let go of for newer ones, since the beginning or the last `clear`. */
  readonly dropped: number;
  /** How many came too fast to be kept, since the same time. */
  readonly missed: number;
  /** The number of the newest. */
  readonly last: number;
  /** That of the newest whose row was made. */
  readonly looked: number;
}

export interface InspectorDeps {
  readonly capacity: number;
  /** Asked when somebody looks for the first time: the ports are known then. */
  readonly settings: () => WatchSettings;
  /** The https port as clients write it. */
  readonly port: () => number;
  readonly frontendHostname: string;
  readonly now: () => Date;
  /** A clock in milliseconds that never goes back. */
  readonly clock: () => number;
  /**
   * Has the watch look at all that passed, which it otherwise does when there is time: somebody is looking, or asks.
   * What it finds comes by `onFinding`.
   */
  readonly lookForFindings: () => Promise<void>;
  /** Told what goes wrong with what is shown; traffic is not touched by it. */
  readonly onError: (error: unknown) => void;
}

/** More at once than are kept; then what a person's pages ask for, on average. A load test does not get through. */
const INTAKE = { burst: 20_000, perSecond: 100 };

/** The browser check and the like: traffic of our own. */
const OWN_PREFIX = '/__jwt-dev/';

/**
 * Records exchanges in bounded memory. The proxy's path pays for a push; rows, verdicts and jars are made when somebody
 * asks, in portions that let everybody else have their turn.
 */
export function createInspector(deps: InspectorDeps): Inspector {
  const ring = createRing(deps.capacity);
  const intake = createIntake({ ...INTAKE, clock: deps.clock });
  const bodies = createBodyBudget();
  const findings = createFindingIndex(deps.capacity);
  const feed = createLedgerFeed(ring, deps);
  let isClosed = false;

  const counted = () => ({
    kept: ring.kept(),
    dropped: ring.dropped(),
    missed: intake.missed(),
  });
  const catchUp = async (): Promise<void> => {
    await deps.lookForFindings();
    await feed.catchUp();
  };
  const page = async (after: number, limit: number): Promise<ExchangePage> => {
    await deps.lookForFindings();
    let seq = Math.max(after + 1, ring.first());
    // The first rows of many are there before the last are looked at.
    await feed.catchUp(seq + limit - 1);
    const exchanges: ExchangeRow[] = [];
    // More came while these were looked at: that is for the next page.
    for (; seq <= feed.looked() && exchanges.length < limit; seq += 1) {
      const look = feed.lookAt(seq);
      if (look !== undefined) exchanges.push(findings.mark(look.row));
    }
    return { exchanges, last: Math.max(after, seq - 1), ...counted() };
  };
  const announcer = createAnnouncer({
    last: ring.last,
    page,
    lookForFindings: deps.lookForFindings,
    onError: deps.onError,
  });
  const forget = (): void => {
    ring.clear();
    intake.clear();
    bodies.clear();
    findings.clear();
  };

  return {
    isRecording: intake.isOpen,
    onExchange: (exchange) => {
      if (isClosed || exchange.path.startsWith(OWN_PREFIX)) return;
      announcer.passed();
      if (!intake.take()) return;
      bodies.add(exchange);
      const lost = ring.push(exchange);
      if (lost !== undefined) feed.beforeLoss(lost);
    },
    onOther: announcer.passed,
    onFinding: (finding) => {
      if (isClosed) return;
      findings.add(finding);
      announcer.finding(finding);
    },
    onMail: announcer.mail,
    page,
    detail: async (id, { reveal }) => {
      await catchUp();
      const seq = ring.find(id);
      const exchange = seq === undefined ? undefined : ring.get(seq);
      const look = seq === undefined ? undefined : feed.lookAt(seq);
      if (seq === undefined || exchange === undefined || look === undefined) return undefined;
      const { openDetail } = await import('./open-detail.ts');
      const wish = { seq, exchange, look, findings: findings.of(id), reveal };
      return openDetail(wish, { ring, viewed: feed.viewed, settings: deps.settings() });
    },
    jars: async ({ reveal }) => {
      await feed.catchUp();
      return feed.jars(deps.now(), reveal);
    },
    counts: () => ({ capacity: deps.capacity, ...counted(), last: ring.last(), looked: feed.looked() }),
    clear: () => {
      feed.beforeClear();
      forget();
      announcer.cleared();
    },
    clearFindings: () => {
      findings.clear();
      announcer.findingsCleared();
    },
    subscribe: announcer.subscribe,
    close: () => {
      isClosed = true;
      announcer.close();
      forget();
    },
  };
}
