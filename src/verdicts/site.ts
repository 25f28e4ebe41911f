import { siteOf } from './cookies/site.ts';

/**
 * The schemeful site of an origin or URL: scheme and registrable domain, where private suffixes (`github.io`) count as
 * public ones, and without the port (HTML, "obtain a site"). A host without a registrable domain (IP address,
 * `localhost`) is its own site.
 * @returns for example `https://example.com`; null for an opaque origin (`null`, `data:`), which has no site.
 */
export function schemefulSite(origin: string): string | null {
  return siteOf(origin);
}

/** Whether two origins (or URLs) are of one schemeful site. Opaque ones are of no site, not even each other's. */
export function isSameSite(a: string, b: string): boolean {
  const site = schemefulSite(a);
  return site !== null && site === schemefulSite(b);
}
