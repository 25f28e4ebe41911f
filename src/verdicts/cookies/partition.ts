import { isFirstParty } from './same-site.ts';
import { mayUseSecure, siteOf } from './site.ts';
import type { CookieRequest, PartitionKey } from './types.ts';

const OPAQUE_SITE = 'null';

/** `Partitioned` asks for Secure, and for an answer that may set Secure cookies (CHIPS). */
export const isPartitionedValid = (secure: boolean, url: URL): boolean => secure && mayUseSecure(url);

/** The partition in which a request's `Partitioned` cookies live (CHIPS, "partition key"). */
export function partitionKeyOf(request: CookieRequest): PartitionKey {
  const page = request.target === 'top-level' ? request.url : request.topLevel;
  return { topLevelSite: siteOf(page) ?? OPAQUE_SITE, hasCrossSiteAncestor: !isFirstParty(request) };
}

/**
 * Two opaque pages (`'null'`) never share a partition: every load of a sandboxed page is an origin of its own. That
 * two keys are of one and the same load is not visible here; the lines of one answer are, as they share the key.
 */
export const samePartition = (a: PartitionKey | null, b: PartitionKey | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.topLevelSite !== OPAQUE_SITE &&
    a.topLevelSite === b.topLevelSite &&
    a.hasCrossSiteAncestor === b.hasCrossSiteAncestor);
