import type { AuthorityMaterial } from './authority.ts';
import { LEAF_LIFETIME_MS } from './constants.ts';
import {
  exportPrivateKey,
  generateKeyPair,
  importIssuer,
  leafSubject,
  notAfterOf,
  serverExtensions,
  signCertificate,
} from './x509.ts';

export interface LeafMaterial {
  /** The leaf alone. */
  readonly leafPem: string;
  /** What a server sends: leaf, then intermediate. */
  readonly chainPem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

/** Issues one server certificate for `hostnames` (DNS names below the site of the authority), with a new key. */
export async function issueLeaf(
  authority: Pick<AuthorityMaterial, 'intermediatePem' | 'intermediateKeyPem'>,
  hostnames: readonly string[],
  now: Date,
): Promise<LeafMaterial> {
  const [keys, issuer] = await Promise.all([
    generateKeyPair({ extractable: true }),
    importIssuer(authority.intermediatePem, authority.intermediateKeyPem),
  ]);
  const end = notAfterOf(now, LEAF_LIFETIME_MS);
  const leafPem = await signCertificate({
    subject: leafSubject(hostnames[0] ?? ''),
    publicKey: keys.publicKey,
    issuer,
    now,
    // A leaf that outlives its issuer would fail before its own date.
    notAfter: end < issuer.notAfter ? end : issuer.notAfter,
    extensions: serverExtensions(hostnames),
  });
  return {
    leafPem,
    chainPem: leafPem + authority.intermediatePem,
    keyPem: await exportPrivateKey(keys.privateKey),
  };
}
