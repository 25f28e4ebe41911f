import { lowerAscii } from './bytes.ts';
import type { ParsedLine } from './parse-set-cookie.ts';
import { isIpHost, mayUseSecure } from './site.ts';

type Prefix = '__secure-' | '__host-' | '__http-' | '__host-http-';
// The longer one first: every `__Host-Http-` is a `__Host-`, too.
const PREFIXES: readonly Prefix[] = ['__host-http-', '__host-', '__http-', '__secure-'];

const prefixOf = (text: string): Prefix | undefined =>
  PREFIXES.find((prefix) => lowerAscii(text.slice(0, prefix.length)) === prefix);

const isHostLocked = ({ attributes }: ParsedLine, url: URL): boolean => {
  const domain = attributes.domain ?? '';
  // An address as Domain changes nothing, so it is tolerated.
  const noDomain = domain === '' || (isIpHost(url.hostname) && domain === url.hostname);
  return noDomain && attributes.path === '/';
};

/** Does the cookie keep what its name promises? RFC 6265bis 5.4 and 5.7. */
export function keepsPrefix(line: ParsedLine, url: URL): boolean {
  // A nameless cookie is sent as its bare value, and would look like a prefixed one.
  if (line.name === '') return prefixOf(line.value) === undefined;
  const prefix = prefixOf(line.name);
  if (prefix === undefined) return true;
  if (!line.attributes.secure || !mayUseSecure(url)) return false;
  if (prefix.includes('http') && !line.attributes.httpOnly) return false;
  return !prefix.startsWith('__host-') || isHostLocked(line, url);
}
