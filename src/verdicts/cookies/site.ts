import { getDomain } from 'tldts';

const LOOPBACK_V4 = /^127(?:\.\d{1,3}){3}$/;
const V4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

const REMEMBERED = 256;

/** The same few hosts and origins come with every request, and reading them is most of the cost of a verdict. */
function remembering<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = compute(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, value);
    return value;
  };
}

/** `host` as in `URL.hostname`. */
export const isIpHost = (host: string): boolean => V4.test(host) || host.startsWith('[');

/**
 * Registrable domain (eTLD+1), `null` for IP addresses, single labels and public suffixes themselves.
 * Private suffixes (github.io) and unknown ones (.local, .test) count, as in Chromium, to which `example.com.` with
 * the root's dot is another domain than `example.com`.
 */
export const registrableDomain = remembering((host): string | null => {
  const domain = getDomain(host, { allowPrivateDomains: true, extractHostname: false });
  return domain !== null && host.endsWith('.') ? `${domain}.` : domain;
});

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
export const siteOf = (origin: string | URL): string | null =>
  typeof origin === 'string' ? siteOfText(origin) : siteOfUrl(origin);

function siteOfUrl({ protocol, hostname }: URL): string | null {
  const scheme = SITE_SCHEME[protocol];
  return scheme === undefined ? null : `${scheme}://${cookieKey(hostname)}`;
}

/** `null` instead of an exception. */
export const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

const siteOfText = remembering((text): string | null => {
  const url = text === 'null' ? null : parseUrl(text);
  return url && siteOfUrl(url);
});
