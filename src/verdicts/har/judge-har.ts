import { explain } from '../explain/explain.ts';
import type { FindingCode } from '../findings/codes.ts';
import { type DescribedFinding, describeFinding, type Seen } from '../findings/format.ts';
import type { Finding } from '../findings/types.ts';
import type { Watch, WatchedExchange, WatchSettings } from '../watch/types.ts';
import { missingCredentials } from './missing-credentials.ts';
import type { HarFailure, HarReading } from './types.ts';

/** What the rules say about a recording. */
export interface HarVerdict {
  readonly findings: readonly DescribedFinding[];
  /** How many exchanges of the file were of the API. */
  readonly apiExchanges: number;
  /** Failed requests to page or API that nothing can be said about, but that they failed. */
  readonly unexplained: readonly HarFailure[];
}

/** Found by a cookie that is not there: nothing can be said where the file leaves all cookies out. */
const NEEDS_COOKIES: ReadonlySet<FindingCode> = new Set(['JD102', 'JD402', 'JD432']);

const EXCHANGES_SHOWN = 20;

/**
 * The rules for live traffic over a recording; each finding once, in the order in which they came up.
 * @param watch a new one, made for these settings.
 */
export function judgeHar(reading: HarReading, settings: WatchSettings, watch: Watch): HarVerdict {
  const byEnd = reading.exchanges.toSorted((a, b) => a.at + a.durationMs - (b.at + b.durationMs));
  const watched = byEnd
    .flatMap((exchange) => watch.exchange(exchange))
    .filter(({ code }) => reading.hasCookies || !NEEDS_COOKIES.has(code));
  const failures = reading.failures.filter(({ exchange }) => isOfSite(exchange, settings));
  const failed = failures.map((failure) => ({ failure, finding: findingOfFailure(failure) }));
  const uncredentialed = reading.hasCookies ? missingCredentials(byEnd, settings, watched) : null;
  const findings = [
    ...watched,
    ...(uncredentialed === null ? [] : [uncredentialed]),
    ...failed.flatMap(({ finding }) => (finding === null ? [] : [finding])),
  ];
  return {
    findings: countEach(findings).map(({ finding, seen }) => describeFinding(finding, seen)),
    apiExchanges: reading.exchanges.filter(({ url }) => new URL(url).origin === settings.apiOrigin).length,
    unexplained: failed.flatMap(({ failure, finding }) => (finding === null ? [failure] : [])),
  };
}

function isOfSite({ url }: WatchedExchange, { apiOrigin, frontendOrigin }: WatchSettings): boolean {
  return [apiOrigin, frontendOrigin].includes(new URL(url).origin);
}

/** `net::ERR_CERT_AUTHORITY_INVALID` is as good as a finding; of `net::ERR_FAILED` nobody can tell. */
function findingOfFailure({ exchange, text }: HarFailure): Finding | null {
  const code = explain(text)[0]?.code ?? null;
  if (code === null) return null;
  const { hostname, pathname } = new URL(exchange.url);
  return {
    code,
    evidence: `${exchange.method} ${pathname} got no answer: ${text}.`,
    subject: text,
    host: hostname,
    exchanges: [exchange.id],
    at: exchange.at,
  };
}

function countEach(findings: readonly Finding[]): readonly Counted[] {
  const found = new Map<string, Counted>();
  for (const finding of findings) {
    const key = [finding.code, finding.host, finding.subject].join('\n');
    const before = found.get(key);
    found.set(key, before === undefined ? once(finding) : again(before, finding));
  }
  return [...found.values()];
}

interface Counted {
  readonly finding: Finding;
  readonly seen: Seen;
}

function once(finding: Finding): Counted {
  return { finding, seen: { count: 1, firstAt: finding.at, lastAt: finding.at } };
}

function again({ finding: first, seen }: Counted, finding: Finding): Counted {
  const exchanges = [...new Set([...first.exchanges, ...finding.exchanges])].slice(0, EXCHANGES_SHOWN);
  return {
    finding: { ...first, exchanges },
    seen: { count: seen.count + 1, firstAt: seen.firstAt, lastAt: Math.max(seen.lastAt, finding.at) },
  };
}
