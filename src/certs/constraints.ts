/**
 * What a local CA may sign, in words and as a check that needs no ASN.1 library.
 * RFC 5280 section 4.2.1.10 says that a constraint only binds names of its own kind, so every kind that a client
 * may take for an identity is named: DNS names, e-mail addresses and URIs are held to the site, IP addresses are
 * excluded as a whole. A directory name is a label, not an identity (RFC 9525 section 2); clients that still fall
 * back to the common name hold it to the DNS constraint.
 */
export const EXCLUDED_ADDRESSES = ['0.0.0.0/0', '::/0'] as const;

/** The constraints of a site's CA as people and `--json` read them. */
export function describeConstraints(site: string): readonly string[] {
  return [
    `permitted DNS: ${site} and its subdomains`,
    `permitted e-mail: @${site}`,
    `permitted URI host: ${site}`,
    ...EXCLUDED_ADDRESSES.map((range) => `excluded IP: ${range}`),
  ];
}

/** The DER of the extension's identifier (2.5.29.30) and `critical TRUE`: RFC 5280 section 4.2.1.10. */
const CRITICAL_NAME_CONSTRAINTS = Buffer.from('0603551d1e0101ff', 'hex');

/** The tags on the way to the first permitted name: OCTET STRING, NameConstraints, [0], GeneralSubtree, dNSName. */
const PATH_TO_NAME = [0x04, 0x30, 0xa0, 0x30, 0x82];

/**
 * The site that a certificate (DER) is held to: the first permitted DNS name of its critical name constraints, or
 * undefined where it has none. Files and stores are tested with it on every start, where loading an ASN.1 library
 * would cost more than all the rest.
 */
export function constrainedSite(der: Buffer): string | undefined {
  const found = der.indexOf(CRITICAL_NAME_CONSTRAINTS);
  if (found === -1) return undefined;
  let at = found + CRITICAL_NAME_CONSTRAINTS.length;
  let length = 0;
  for (const tag of PATH_TO_NAME) {
    if (der[at] !== tag) return undefined;
    // X.690 section 8.1.3: up to 127 the length itself, else 0x80 plus the number of its bytes.
    const first = der[at + 1] ?? 0;
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    if (lengthBytes > 2) return undefined;
    length = lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes);
    at += 2 + lengthBytes;
  }
  return der.toString('latin1', at, at + length);
}
