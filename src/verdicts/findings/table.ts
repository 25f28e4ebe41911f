import type { FindingCode } from './codes.ts';
import { COOKIE_FINDINGS } from './table-cookies.ts';
import { CORS_FINDINGS } from './table-cors.ts';
import { NETWORK_FINDINGS } from './table-network.ts';
import { PAGE_FINDINGS } from './table-page.ts';
import { SESSION_FINDINGS } from './table-session.ts';
import { TLS_FINDINGS } from './table-tls.ts';
import type { FindingKind } from './types.ts';

/** What is true of each code wherever it comes up: the only place with these sentences. */
export const FINDINGS: Readonly<Record<FindingCode, FindingKind>> = {
  ...PAGE_FINDINGS,
  ...CORS_FINDINGS,
  ...TLS_FINDINGS,
  ...SESSION_FINDINGS,
  ...COOKIE_FINDINGS,
  ...NETWORK_FINDINGS,
};

/** All codes, ascending. */
export const FINDING_CODES: readonly FindingCode[] = (Object.keys(FINDINGS) as FindingCode[]).sort();

/** Whether a text is one of the codes, in capitals: `JD102`. */
export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(FINDINGS, text);
}
