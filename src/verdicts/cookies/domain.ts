import { decodeStrict, lowerAscii } from './bytes.ts';
import { isIpHost, registrableDomain } from './site.ts';

// Characters that would end or split the host if the text were read as part of a URL.
const NOT_IN_HOST = /[\s/?#@:\\[\]%]/;

/** Canonical host (lower case, punycode) of a Domain attribute, leading dots kept; '' if it cannot be a host. */
function canonicalHost(attribute: string): string {
  // Capitals of every script: not every runtime's IDNA tables are recent enough to map a capital sharp s.
  const text = decodeStrict(attribute)?.toLowerCase();
  if (text === undefined || NOT_IN_HOST.test(text)) return '';
  const dots = /^\.*/.exec(text)?.[0] ?? '';
  const url = `http://${text.slice(dots.length)}/`;
  return URL.canParse(url) ? dots + new URL(url).hostname : '';
}

/**
 * The domain a cookie gets: with a leading dot for subdomains too, without for host-only; `null` if the answer of
 * `host` may not set it. RFC 6265bis 5.7 (domain-attribute, public suffixes).
 */
export function cookieDomain(host: string, attribute: string | undefined): string | null {
  if (host.endsWith('..')) return null;
  if (attribute === undefined || attribute === '') return host;
  const wanted = lowerAscii(attribute).replace(/^\./, '');
  // An address or a name without a registrable domain can only repeat itself.
  if (isIpHost(host)) return wanted === host ? host : null;
  const canonical = canonicalHost(attribute);
  if (canonical === '') return null;
  const registrable = registrableDomain(host);
  if (registrable === null) return wanted === host ? host : null;
  const dotted = canonical.startsWith('.') ? canonical : `.${canonical}`;
  if (registrableDomain(dotted.slice(1)) !== registrable) return null;
  return `.${host}`.endsWith(dotted) ? dotted : null;
}

export const isHostOnly = (domain: string): boolean => !domain.startsWith('.');
export const withoutDot = (domain: string): string => (isHostOnly(domain) ? domain : domain.slice(1));

/** RFC 6265bis 5.1.3, for a domain as `cookieDomain` gives it. */
export const domainMatches = (domain: string, host: string): boolean =>
  isHostOnly(domain) ? domain === host : `.${host}`.endsWith(domain);
