import { createCredentialedCalls } from '../watch/memory/credentialed-calls.ts';
import { createLru } from '../watch/memory/lru.ts';
import { createSightReader, type Sight } from '../watch/sight.ts';
import type { WatchSettings } from '../watch/types.ts';
import { type ClientJar, type CookieSight, createClientJar, type NamedJar } from './client-jar.ts';
import { clientName } from './client-name.ts';
import { cookieExchangeOf } from './cookie-exchange.ts';
import { corsMark } from './cors-mark.ts';
import { jarViews } from './jar-views.ts';
import { createRedaction, REVEALING } from './redaction.ts';
import type { CookieCounts, ExchangeRow, JarView } from './types.ts';
import type { ViewedExchange } from './viewed-exchange.ts';

/** What is known of an exchange once it was looked at in its turn. */
export interface Look {
  readonly row: ExchangeRow;
  /** As the jar was at that time; null: it has to do with no cookies. */
  readonly cookies: CookieSight | null;
  /** As it was judged in its turn. */
  readonly canary: ViewedExchange['canary'];
}

/** Follows traffic in the order in which it ended: rows, and the jar of each browser. */
export interface Ledger {
  readonly look: (exchange: ViewedExchange) => Look;
  /** The one that was used last first. */
  readonly jars: (nowMs: number, reveal: boolean) => readonly JarView[];
}

/** As many browsers as anybody tries one after the other. */
const JARS = 16;
const NAMES = 64;

export function createLedger(settings: WatchSettings): Ledger {
  const read = createSightReader(settings);
  const calls = createCredentialedCalls();
  const names = createLru<string, string>(NAMES);
  const redaction = createRedaction();
  /** The one that was used last is last. */
  const jars = new Map<string, NamedJar>();

  const nameOf = (userAgent: string): string => {
    const known = names.get(userAgent);
    if (known !== undefined) return known;
    const name = redaction.text(clientName(userAgent));
    names.set(userAgent, name);
    return name;
  };
  /** What the missing canary does not show is not known. */
  const certain = (sight: Sight): Sight => {
    calls.learn(sight);
    if (sight.exchange.canary !== 'not-sent' || !calls.isDoubtful(sight)) return sight;
    return { ...sight, exchange: { ...sight.exchange, canary: 'unknown' } };
  };
  const jarOf = (sight: Sight, name: string): ClientJar | undefined => {
    const hasCookies = sight.cookie !== '' || sight.setCookie.length > 0;
    const known = jars.get(sight.client);
    // `doctor --api` plays strangers: what it is given is nobody's jar.
    if ((known === undefined && !hasCookies) || sight.userAgent === settings.ownAgent) return undefined;
    const named = known ?? { name, jar: createClientJar() };
    jars.delete(sight.client);
    jars.set(sight.client, named);
    const [oldest] = jars.keys();
    if (jars.size > JARS && oldest !== undefined) jars.delete(oldest);
    return named.jar;
  };

  return {
    look: (exchange) => {
      const sight = certain(read(exchange));
      const client = nameOf(sight.userAgent);
      const jar = jarOf(sight, client);
      const met = jar === undefined ? null : cookieExchangeOf(sight);
      const cookies = jar === undefined || met === null ? null : jar.meet(met);
      return {
        row: {
          id: exchange.id,
          seq: exchange.seq,
          at: new Date(exchange.at).toISOString(),
          durationMs: exchange.durationMs,
          kind: exchange.kind,
          method: exchange.method,
          host: exchange.host,
          path: redaction.target(exchange.target),
          status: exchange.status,
          upstream: exchange.upstream,
          failure: exchange.failure?.code ?? null,
          client,
          cookies: cookies === null ? NO_COOKIES : countsOf(met?.sent.length ?? 0, cookies),
          cors: corsMark(sight),
          findings: NO_FINDINGS,
        },
        cookies: cookies === null || isPlain(cookies) ? null : cookies,
        canary: sight.exchange.canary,
      };
    },
    jars: (nowMs, reveal) => jarViews([...jars.values()].toReversed(), nowMs, reveal ? REVEALING : redaction),
  };
}

const NO_COOKIES: CookieCounts = { sent: 0, stored: 0, deleted: 0, refused: 0 };
const NO_FINDINGS: ExchangeRow['findings'] = [];

/** Nothing of it has to be remembered. */
function isPlain({ known, keptBack, verdicts }: CookieSight): boolean {
  return known.length === 0 && keptBack.length === 0 && verdicts.length === 0;
}

function countsOf(sent: number, { verdicts }: CookieSight): CookieCounts {
  let [stored, deleted, refused] = [0, 0, 0];
  for (const { verdict } of verdicts) {
    if (verdict === 'stored' || verdict === 'overwritten' || verdict === 'evicted') stored += 1;
    else if (verdict === 'expired') deleted += 1;
    else refused += 1;
  }
  if (sent + stored + deleted + refused === 0) return NO_COOKIES;
  return { sent, stored, deleted, refused };
}
