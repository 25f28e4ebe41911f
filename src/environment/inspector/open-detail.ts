import type { Exchange } from '../../proxy/types.ts';
import { describeFinding } from '../../verdicts/findings/format.ts';
import { createDetail } from '../../verdicts/view/detail.ts';
import type { Look } from '../../verdicts/view/ledger.ts';
import type { ExchangeDetail } from '../../verdicts/view/types.ts';
import type { ViewedExchange } from '../../verdicts/view/viewed-exchange.ts';
import type { WatchSettings } from '../../verdicts/watch/types.ts';
import type { StoredFinding } from '../watch/finding-store.ts';
import { readBody } from './read-body.ts';
import type { Ring } from './ring.ts';

export interface DetailWish {
  readonly seq: number;
  readonly exchange: Exchange;
  readonly look: Look;
  readonly findings: readonly StoredFinding[];
  readonly reveal: boolean;
}

export interface DetailSources {
  readonly ring: Ring;
  readonly viewed: (seq: number) => ViewedExchange | undefined;
  readonly settings: WatchSettings;
}

/** One exchange with all that is known of it; loaded when somebody opens one for the first time. */
export async function openDetail(
  wish: DetailWish,
  sources: DetailSources,
): Promise<ExchangeDetail | undefined> {
  const { seq, exchange: raw, look, findings, reveal } = wish;
  const exchange = sources.viewed(seq);
  if (exchange === undefined) return undefined;
  const partners = partnersOf(seq, raw, sources);
  const [requestBody, responseBody] = await Promise.all([
    readBody(raw.requestBody, exchange.requestHeaders, raw.failure),
    readBody(raw.responseBody, exchange.responseHeaders, raw.failure),
  ]);
  return createDetail(
    {
      exchange,
      look,
      partners,
      requestBody,
      responseBody,
      shown: findings.map((finding) => describeFinding(finding, finding)),
      reveal,
    },
    sources.settings,
  );
}

/** As many candidates as are worth a closer look. */
const PARTNERS = 20;

/** Of a request the preflights before it, of a preflight the requests behind it: same host and path, the nearest first. */
function partnersOf(seq: number, of: Exchange, { ring, viewed }: DetailSources): readonly ViewedExchange[] {
  const wantsPreflight = of.method !== 'OPTIONS';
  const step = wantsPreflight ? -1 : 1;
  const partners: ViewedExchange[] = [];
  // Exchanges are in the order in which they ended, preflights always before what they are for.
  for (
    let at = seq + step;
    at >= ring.first() && at <= ring.last() && partners.length < PARTNERS;
    at += step
  ) {
    const other = ring.get(at);
    if (other === undefined || (other.method === 'OPTIONS') !== wantsPreflight) continue;
    if (other.path !== of.path || other.hostname !== of.hostname) continue;
    const found = viewed(at);
    if (found !== undefined) partners.push(found);
  }
  return partners;
}
