import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Exchange } from '../../proxy/types.ts';
import type { Ledger, Look } from '../../verdicts/view/ledger.ts';
import type { JarView } from '../../verdicts/view/types.ts';
import type { ViewedExchange } from '../../verdicts/view/viewed-exchange.ts';
import type { WatchSettings } from '../../verdicts/watch/types.ts';
import { type CanaryMemory, createCanaryMemory } from '../watch/canary-memory.ts';
import { createLeavers } from './leavers.ts';
import type { Ring } from './ring.ts';
import { toViewedExchange } from './viewed.ts';

/** Brings the exchanges of a ring before the ledger, each once and in their order, when somebody asks. */
export interface LedgerFeed {
  /** An exchange that goes from the ring: what it says of cookies must not be lost. */
  readonly beforeLoss: (lost: Exchange) => void;
  /** All of them go. */
  readonly beforeClear: () => void;
  /** Looks at all that is there now, or at those up to a number, in portions. */
  readonly catchUp: (upTo?: number) => Promise<void>;
  /** The number of the last exchange that was looked at. */
  readonly looked: () => number;
  /** undefined: it went, nobody caught up with it, or it could not be read. */
  readonly lookAt: (seq: number) => Look | undefined;
  readonly viewed: (seq: number) => ViewedExchange | undefined;
  readonly jars: (now: Date, reveal: boolean) => readonly JarView[];
}

export interface LedgerFeedDeps {
  readonly capacity: number;
  readonly settings: () => WatchSettings;
  /** The https port as clients write it. */
  readonly port: () => number;
  readonly frontendHostname: string;
  /** A clock in milliseconds that never goes back. */
  readonly clock: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * How long one portion may take before everybody else has a turn, in milliseconds. The collector adds up to three times
 * as much to some of them where 10,000 exchanges are looked at.
 */
const PORTION_MS = 3;

export function createLedgerFeed(ring: Ring, deps: LedgerFeedDeps): LedgerFeed {
  const canary: CanaryMemory = createCanaryMemory(deps.frontendHostname);
  const leavers = createLeavers();
  let ledger: Ledger | undefined;
  let looks: (Look | undefined)[] = [];
  /** The number of the last one that was looked at. */
  let looked = 0;
  let portion: Promise<void> | undefined;

  const lookAt = (seq: number): Look | undefined => {
    const look = looks[seq % deps.capacity];
    return look?.row.seq === seq ? look : undefined;
  };
  const lookInto = (exchange: Exchange, seq: number, followed: Ledger): Look | undefined => {
    try {
      return followed.look(toViewedExchange(exchange, seq, deps.port(), canary.read(exchange)));
    } catch (error) {
      // One that cannot be read must not stand before all that come after it.
      deps.onError(error);
      return undefined;
    }
  };

  /** The next one in order; false: there is none left. */
  const lookOnce = (followed: Ledger): boolean => {
    const leaver = leavers.next();
    if (leaver !== undefined) {
      lookInto(leaver, 0, followed);
      return true;
    }
    const seq = Math.max(looked + 1, ring.first());
    const exchange = ring.get(seq);
    if (exchange === undefined) return false;
    looked = seq;
    looks[seq % deps.capacity] = lookInto(exchange, seq, followed);
    return true;
  };

  const isBehind = (last: number): boolean => looked < last || leavers.waiting() > 0;
  const openLedger = async (): Promise<Ledger> => {
    const { createLedger } = await import('../../verdicts/view/ledger.ts');
    ledger ??= createLedger(deps.settings());
    return ledger;
  };
  /** To load the ledger is a portion as well. */
  const lookAtPortion = async (): Promise<void> => {
    if (ledger === undefined) await openLedger();
    else {
      const begun = deps.clock();
      while (deps.clock() - begun < PORTION_MS && lookOnce(ledger));
    }
    await nextTurn();
  };
  /** One for all who wait. */
  const lookAtNext = (): Promise<void> => {
    portion ??= lookAtPortion().finally(() => {
      portion = undefined;
    });
    return portion;
  };
  const catchUp = async (upTo = Number.POSITIVE_INFINITY): Promise<void> => {
    // Only what is there now: more may come as fast as it is looked at.
    const last = Math.min(upTo, ring.last());
    while (isBehind(last)) await lookAtNext();
  };

  const leave = (exchange: Exchange): void => {
    if (leavers.add(exchange)) void catchUp().catch(deps.onError);
  };

  return {
    beforeLoss: (lost) => {
      if (looked < ring.first() - 1) leave(lost);
    },
    beforeClear: () => {
      for (let seq = Math.max(looked + 1, ring.first()); seq <= ring.last(); seq += 1) {
        const exchange = ring.get(seq);
        if (exchange !== undefined) leave(exchange);
      }
      looked = ring.last();
      looks = [];
    },
    catchUp,
    looked: () => looked,
    lookAt,
    viewed: (seq) => {
      const exchange = ring.get(seq);
      return exchange === undefined
        ? undefined
        : toViewedExchange(exchange, seq, deps.port(), lookAt(seq)?.canary ?? 'unknown');
    },
    jars: (now, reveal) => ledger?.jars(now.getTime(), reveal) ?? [],
  };
}
