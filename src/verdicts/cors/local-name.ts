/** 0/8, 10/8, 100.64/10, 169.254/16, 172.16/12 and 192.168/16 (RFC 6890; Chromium's address space ranges). */
const LOCAL_V4 =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const V4 = /^\d+\.\d+\.\d+\.\d+$/;

/** The unspecified address, fc00::/7 and fe80::/10. */
const LOCAL_V6 = /^\[(?:::|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]$/;

/** An IPv4 address written as an IPv6 one (`URL` shows it as two groups). */
const MAPPED_V4 = /^\[::ffff:(?<high>[\da-f]{1,4}):(?<low>[\da-f]{1,4})\]$/;

function mappedV4(hostname: string): string {
  const groups = MAPPED_V4.exec(hostname)?.groups;
  if (groups === undefined) return hostname;
  const [high, low] = [Number.parseInt(groups['high'] ?? '', 16), Number.parseInt(groups['low'] ?? '', 16)];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/**
 * Whether a host can only be in the local network, whatever it resolves to: an address that is not routed in public, or
 * a name under `local` (RFC 6762). Chromium exempts these from mixed content and asks for Local Network Access instead.
 * @param hostname as in `URL.hostname`.
 */
export function isLocalName(hostname: string): boolean {
  const host = mappedV4(hostname);
  if (V4.test(host)) return LOCAL_V4.test(host);
  return LOCAL_V6.test(host) || /(?:^|\.)local\.?$/.test(host);
}
