import { messageOf } from '../../errors.ts';
import type { Exchange, ProxyDeps, TlsFailure, UpstreamNotice } from '../../proxy/types.ts';
import type { Finding } from '../../verdicts/findings/types.ts';
import type { Watch, WatchedHandshake } from '../../verdicts/watch/types.ts';
import { createCanaryMemory } from './canary-memory.ts';
import { findingOfFailure } from './failure-finding.ts';
import { createFindingStore, type StoredFinding } from './finding-store.ts';
import { findingOfNotice } from './notice-finding.ts';
import { isOwn, mayMatter, toWatchedExchange } from './watched-exchange.ts';
import { createWorkQueue, type WorkLimits } from './work-queue.ts';

/** What the proxy's observers are, and what came of it. */
export interface TrafficWatch extends Observers {
  /** Looks at what still waits, in portions. */
  readonly catchUp: () => Promise<void>;
  /** What was found up to now, with what still waits to be looked at. */
  readonly findings: () => Promise<FindingsReport>;
  /** Forgets what was found; the next time, it is new. */
  readonly clear: () => Promise<void>;
  /** Looks at what still waits, and at nothing after that. */
  readonly close: () => Promise<void>;
}

type Observers = Required<Pick<ProxyDeps, 'onExchange' | 'onTlsFailure' | 'onNotice'>>;

export interface FindingsReport {
  readonly findings: readonly StoredFinding[];
  /** How many exchanges were not looked at, as there were more than time for them. */
  readonly skipped: number;
}

export interface TrafficWatchDeps {
  /** The rules; called when there is something to look at for the first time, so that they are not loaded before. */
  readonly loadRules: () => Promise<Watch>;
  readonly frontendHostname: string;
  /** The https port as clients write it. */
  readonly port: () => number;
  /** Codes that are not wanted. */
  readonly silence: readonly string[];
  /** Told of a finding when it is new, and when it has come up 10, 100, 1000, … times. */
  readonly onFinding: (finding: StoredFinding) => void;
  /** Told of each finding each time. */
  readonly onEachFinding?: ((finding: StoredFinding) => void) | undefined;
  /** Told what is not as it should be with the watch itself. */
  readonly onWarning: (text: string) => void;
  readonly now: () => Date;
  /** A clock in milliseconds that never goes back. */
  readonly clock: () => number;
  readonly limits?: Partial<WorkLimits>;
}

type Seen =
  | Exchange
  | { readonly kind: 'handshake'; readonly handshake: WatchedHandshake }
  | { readonly kind: 'notice'; readonly finding: Finding };

/**
 * The way from what passes through the proxy to findings. The observers only note what they are given; it is looked at
 * between requests, within limits (`createWorkQueue`), and whatever goes wrong there stays there.
 */
export function createTrafficWatch(deps: TrafficWatchDeps): TrafficWatch {
  const store = createFindingStore(new Set(deps.silence));
  const canary = createCanaryMemory(deps.frontendHostname);
  /** By host, when a client last got through to our own paths: the only thing that these tell. */
  const passed = new Map<string, number>();
  let rules: Watch | undefined;
  let hasFailed = false;

  const keep = (found: readonly Finding[]): void => {
    for (const finding of found) {
      const stored = store.add(finding);
      if (stored === undefined) continue;
      deps.onEachFinding?.(stored);
      if (isPowerOfTen(stored.count)) deps.onFinding(stored);
    }
  };
  const look = (seen: Seen, watch: Watch): readonly Finding[] => {
    if (seen.kind === 'notice') return [seen.finding];
    if (seen.kind === 'handshake') {
      for (const [host, at] of passed) watch.passed(host, at);
      passed.clear();
      return watch.handshake(seen.handshake);
    }
    const exchange = toWatchedExchange(seen, { port: deps.port(), canary: canary.read(seen) });
    return [...findingOfFailure(seen), ...watch.exchange(exchange)];
  };
  const onError = (error: unknown): void => {
    if (hasFailed) return;
    hasFailed = true;
    deps.onWarning(`A look at live traffic failed; requests are not touched by it: ${messageOf(error)}`);
  };
  const queue = createWorkQueue<Seen>({
    prepare: async () => {
      rules = await deps.loadRules();
    },
    work: (seen) => {
      if (rules !== undefined) keep(look(seen, rules));
    },
    onError,
    onDrop: (dropped) => {
      if (!isPowerOfTen(dropped)) return;
      deps.onWarning(
        `${dropped === 1 ? 'An exchange was' : `${dropped} exchanges were`} not looked at for findings: requests come faster than they can be looked at in passing.`,
      );
    },
    clock: deps.clock,
    ...(deps.limits === undefined ? {} : { limits: deps.limits }),
  });
  return {
    onExchange: (exchange) => {
      if (mayMatter(exchange, deps.frontendHostname)) queue.push(exchange);
      else if (isOwn(exchange) && exchange.failure === null)
        passed.set(exchange.hostname, exchange.startedAt.getTime() + exchange.durationMs);
    },
    onTlsFailure: ({ code, servername }: TlsFailure) => {
      const handshake = { at: deps.now().getTime(), code, servername };
      queue.push({ kind: 'handshake', handshake });
    },
    onNotice: (notice: UpstreamNotice) => {
      queue.push({ kind: 'notice', finding: findingOfNotice(notice, deps.now().getTime()) });
    },
    catchUp: () => queue.drain(),
    findings: async () => {
      await queue.drain();
      return { findings: store.list(), skipped: queue.dropped() };
    },
    clear: async () => {
      await queue.drain();
      store.clear();
    },
    close: async () => {
      await queue.drain();
      queue.close();
    },
  };
}

function isPowerOfTen(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
