/**
 * `jwt-dev/verdicts`: what Chromium does with cookies and with answers across origins, and why; for Node and for pages.
 * Everything in here is pure: clocks, settings and traffic come in, verdicts go out.
 */
export * from './cookies/index.ts';
export * from './cors/index.ts';
export { explain } from './explain/explain.ts';
export type { Explanation } from './explain/types.ts';
export type { FindingCode } from './findings/codes.ts';
export { type DescribedFinding, describeFinding, formatFinding, type Seen } from './findings/format.ts';
export { FINDING_CODES, FINDINGS, isFindingCode } from './findings/table.ts';
export type { Finding, FindingKind, Fix, FixPlace, Severity } from './findings/types.ts';
export { guessSettings } from './har/guess-settings.ts';
export { judgeHar } from './har/judge-har.ts';
export { readHar } from './har/read-har.ts';
export { isSameSite, schemefulSite } from './site.ts';
export { createWatch } from './watch/create-watch.ts';
export type {
  HeaderPairs,
  Watch,
  WatchedExchange,
  WatchedHandshake,
  WatchSettings,
} from './watch/types.ts';
