import { withoutDot } from './domain.ts';
import { samePartition } from './partition.ts';
import { pathMatches } from './path.ts';
import { mayUseSecure } from './site.ts';
import type { StoredCookie } from './stored-cookie.ts';

/** One and the same cookie: name, domain (host-only or not), path and partition (RFC 6265bis 5.7). */
export const isSameCookie = (a: StoredCookie, b: StoredCookie): boolean =>
  a.name === b.name &&
  a.domain === b.domain &&
  a.path === b.path &&
  samePartition(a.partitionKey, b.partitionKey);

const isSameOrSubdomain = (host: string, parent: string): boolean => `.${host}`.endsWith(`.${parent}`);

/**
 * "Leave Secure Cookies Alone": an answer over plain http may not set a cookie if there is a Secure one of that name
 * whose path covers the new path (not the other way round), on the same domain, a parent or a subdomain of it.
 * That one of the two is host-only, so that no request could carry both, does not matter. RFC 6265bis 5.7.
 */
export const wouldShadowSecure = (existing: StoredCookie, cookie: StoredCookie, url: URL): boolean =>
  existing.secure &&
  !mayUseSecure(url) &&
  existing.name === cookie.name &&
  samePartition(existing.partitionKey, cookie.partitionKey) &&
  (isSameOrSubdomain(withoutDot(existing.domain), withoutDot(cookie.domain)) ||
    isSameOrSubdomain(withoutDot(cookie.domain), withoutDot(existing.domain))) &&
  pathMatches(existing.path, cookie.path);
