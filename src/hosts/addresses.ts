import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** What was asked before: large files repeat few addresses. */
const known = new Map<string, string | null>();
const KNOWN_LIMIT = 1000;

/**
 * One spelling per address, so that `0:0:0:0:0:0:0:1` is `::1`; null for what a resolver
 * would not read as an address (inet_pton(3): no leading zeros, no short or octal forms).
 */
export function canonicalAddress(text: string): string | null {
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  if (known.size > KNOWN_LIMIT) known.clear();
  const canonical = isIPv4(text) ? text : canonicalIPv6(text);
  known.set(text, canonical);
  return canonical;
}

function canonicalIPv6(text: string): string | null {
  const [address = '', ...scope] = text.split('%');
  if (!isIPv6(address)) return null;
  return [new SocketAddress({ address, family: 'ipv6' }).address, ...scope].join('%');
}
