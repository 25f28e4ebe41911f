import type { FindingCode } from '../findings/codes.ts';
import type { Finding, Fix } from '../findings/types.ts';
import type { Sight } from './sight.ts';
import { plain } from './words.ts';

/** Looks at one exchange, with what it remembers of those before. Exchanges come in the order in which they ended. */
export type Rule = (sight: Sight) => readonly Finding[];

/** Most exchanges are in order: one array for all of them. */
export const NONE: readonly Finding[] = Object.freeze([]);

export interface Details {
  readonly evidence: string;
  readonly subject: string;
  readonly reason?: string;
  readonly fixes?: readonly Fix[];
  /** Exchanges before this one that show it as well. */
  readonly earlier?: readonly string[];
}

/** A finding about the exchange at hand. */
export function findingOf(code: FindingCode, sight: Sight, details: Details): Finding {
  const { evidence, subject, reason, fixes, earlier = [] } = details;
  return {
    code,
    evidence: plain(evidence),
    subject: plain(subject),
    host: sight.host,
    ...(reason === undefined ? {} : { reason }),
    ...(fixes === undefined ? {} : { fixes }),
    exchanges: [...earlier, sight.exchange.id],
    at: sight.end,
  };
}
