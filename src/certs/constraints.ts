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

/** The context tag of a dNSName in a GeneralName (RFC 5280 section 4.2.1.6). */
const DNS_NAME_TAG = 0x82;

/**
 * Whether a certificate (DER) has critical name constraints whose first permitted name is `site`. The authority's
 * own files are tested with it on every start, where loading an ASN.1 library would cost more than all the rest.
 */
export function isConstrainedTo(der: Buffer, site: string): boolean {
  const start = der.indexOf(CRITICAL_NAME_CONSTRAINTS);
  if (start === -1) return false;
  const name = Buffer.from(site, 'latin1');
  const permitted = Buffer.concat([Buffer.from([DNS_NAME_TAG, name.length]), name]);
  // OCTET STRING, NameConstraints, permittedSubtrees, GeneralSubtree: four headers of two to four bytes each.
  const from = start + CRITICAL_NAME_CONSTRAINTS.length;
  const found = der.indexOf(permitted, from);
  return found !== -1 && found - from <= 16;
}
