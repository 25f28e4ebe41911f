import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { getDomain, parse } from 'tldts';

/**
 * Host names and the sites they belong to. "Same site" is what the browser
 * means by it: one registrable domain by the Public Suffix List, private
 * section included (github.io, fly.dev: their customers are strangers).
 */

/** The canonical form of a host name, or what is wrong with it. */
export function canonicalHostname(text: string): { readonly hostname: string } | { readonly wrong: string } {
  if (text.includes('://')) return { wrong: 'is a URL; write only the host name, such as "example.com"' };
  // What a URL's host ends at, or is decoded from: the rest would be cut off silently.
  if (/[\s/?#%\\@]/.test(text)) return { wrong: 'is not a host name' };
  if (isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0)
    return { wrong: 'is an IP address; cookies of one site need host names' };
  if (/:\d+$/.test(text)) return { wrong: 'has a port; write only the host name (ports stand in "listen")' };
  const hostname = domainToASCII(text).replace(/\.$/, '').toLowerCase();
  if (isIP(hostname) !== 0) return { wrong: 'is an IP address; cookies of one site need host names' };
  const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
  if (hostname === '' || !hostname.split('.').every((part) => label.test(part)))
    return { wrong: 'is not a host name' };
  return { hostname };
}

/** The registrable domain ("example.com" of "api.example.com"), or null for a public suffix or a single label. */
export function siteOf(hostname: string): string | null {
  return getDomain(hostname, { allowPrivateDomains: true });
}

/** Whether it is, or may be, somebody's real site on the Internet. */
export function isPublicDomain(site: string): boolean {
  const tld = site.split('.').at(-1) ?? '';
  if (RESERVED_TLDS.has(tld) || RESERVED_DOMAINS.has(site)) return false;
  const { isIcann, isPrivate } = parse(site, { allowPrivateDomains: true });
  return isIcann === true || isPrivate === true;
}

/** Why a site is a bad choice for local development, or nothing. */
export function siteWarnings(site: string): readonly string[] {
  const suffix = parse(site, { allowPrivateDomains: true });
  const tld = site.split('.').at(-1) ?? '';
  if (RESERVED_TLDS.has(tld) || RESERVED_DOMAINS.has(site)) {
    return tld === 'localhost'
      ? [`Not every program resolves ${site} (Safari and most command line tools ask the hosts file).`]
      : [];
  }
  if (tld === 'local')
    return [
      `${site}: names below .local belong to multicast DNS (RFC 6762); look-ups are slow or go astray. Use example.com or *.test.`,
    ];
  if (PRELOADED_TLDS.has(tld)) {
    return [
      `${site}: browsers know .${tld} as https-only (HSTS preload), so a certificate warning cannot be clicked away. Trust the CA first.`,
    ];
  }
  if (suffix.isIcann !== true) return [];
  return [
    `${site} is a public domain. While it is mapped to this machine its real cookies are sent here, and ours may shadow the real ones. Use example.com or *.test unless you mean it.`,
  ];
}

/** RFC 2606 and RFC 6761; .internal: ICANN 2024. */
const RESERVED_TLDS: ReadonlySet<string> = new Set(['test', 'example', 'localhost', 'internal', 'invalid']);
const RESERVED_DOMAINS: ReadonlySet<string> = new Set(['example.com', 'example.net', 'example.org']);

/** The TLDs on Chromium's HSTS preload list that people use for projects. */
const PRELOADED_TLDS: ReadonlySet<string> = new Set([
  'app',
  'dev',
  'page',
  'day',
  'foo',
  'new',
  'zip',
  'mov',
  'phd',
  'prof',
  'esq',
  'dad',
  'nexus',
  'bank',
  'insurance',
  'android',
  'google',
  'chrome',
  'play',
  'rsvp',
  'ing',
  'meme',
  'channel',
  'boo',
]);
