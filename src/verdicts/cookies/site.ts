import { getDomain } from 'tldts';

const LOOPBACK_V4 = /^127(?:\.\d{1,3}){3}$/;
const V4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** `host` as in `URL.hostname`. */
export const isIpHost = (host: string): boolean => V4.test(host) || host.startsWith('[');

/**
 * Registrable domain (eTLD+1), `null` for IP addresses, single labels and public suffixes themselves.
 * Private suffixes (github.io) and unknown ones (.local, .test) count, as in Chromium, to which `example.com.` with
 * the root's dot is another domain than `example.com`.
 */
export function registrableDomain(host: string): string | null {
  const domain = getDomain(host, { allowPrivateDomains: true, extractHostname: false });
  return domain !== null && host.endsWith('.') ? `${domain}.` : domain;
}

/** The unit in which cookies are counted, evicted and cleared: eTLD+1, or the host if it has none. */
export const cookieKey = (host: string): string => registrableDomain(host) ?? host;

/** localhost, *.localhost, 127.0.0.0/8 and ::1: plain http counts as secure there (Secure Contexts, 3.1). */
export function isLoopbackHost(host: string): boolean {
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  return name === 'localhost' || name.endsWith('.localhost') || LOOPBACK_V4.test(name) || name === '[::1]';
}

const CRYPTOGRAPHIC = new Set(['https:', 'wss:']);
const SITE_SCHEME: Readonly<Record<string, string>> = {
  'http:': 'http',
  'ws:': 'http',
  'https:': 'https',
  'wss:': 'https',
};

export const isCryptographic = (url: URL): boolean => CRYPTOGRAPHIC.has(url.protocol);

/** May Secure cookies travel here? https, or plain http to this computer. */
export const mayUseSecure = (url: URL): boolean => isCryptographic(url) || isLoopbackHost(url.hostname);

/** Port in force, 80 or 443 if the URL does not say. */
export const portOf = (url: URL): number =>
  url.port === '' ? (isCryptographic(url) ? 443 : 80) : Number(url.port);

/**
 * Schemeful site (`https://example.com`) of a URL or serialised origin; `null` for opaque origins, which are
 * same-site with nothing. Ports do not count, schemes do (HTML, "schemelessly same site" and "same site").
 */
export function siteOf(origin: string | URL): string | null {
  if (origin === 'null') return null;
  const url = typeof origin === 'string' ? parseUrl(origin) : origin;
  const scheme = url && SITE_SCHEME[url.protocol];
  return scheme === undefined || url === null ? null : `${scheme}://${cookieKey(url.hostname)}`;
}

/** `null` instead of an exception. */
export const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
