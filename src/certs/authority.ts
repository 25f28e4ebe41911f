import { randomBytes } from 'node:crypto';
import { AUTHORITY_LIFETIME_MS } from './constants.ts';
import {
  authorityExtensions,
  authoritySubject,
  exportPrivateKey,
  generateKeyPair,
  notAfterOf,
  serverUsage,
  signCertificate,
} from './x509.ts';

export interface AuthorityMaterial {
  readonly rootPem: string;
  readonly intermediatePem: string;
  readonly intermediateKeyPem: string;
}

/**
 * Makes a CA that can sign for one site only: a root, which stores trust, and an intermediate, which signs leaves.
 * The root's private key cannot be exported, signs the intermediate and is gone when this function returns.
 * Both carry the constraints, since Java ignores those of a trust anchor (RFC 5280 section 6.1 starts after it).
 */
export async function issueAuthority(site: string, now: Date): Promise<AuthorityMaterial> {
  const [rootKeys, intermediateKeys] = await Promise.all([
    generateKeyPair({ extractable: false }),
    generateKeyPair({ extractable: true }),
  ]);
  // Two CAs for one site must not share a subject: NSS and keychains then mix them up.
  const id = randomBytes(4).toString('hex');
  const issuer = { ...rootKeys, subject: authoritySubject(`jwt-dev root ${id} ${site}`) };
  const notAfter = notAfterOf(now, AUTHORITY_LIFETIME_MS);
  const rootPem = await signCertificate({
    subject: issuer.subject,
    publicKey: rootKeys.publicKey,
    issuer,
    now,
    notAfter,
    extensions: authorityExtensions(site, 1),
  });
  const intermediatePem = await signCertificate({
    subject: authoritySubject(`jwt-dev intermediate ${id} ${site}`),
    publicKey: intermediateKeys.publicKey,
    issuer,
    now,
    notAfter,
    extensions: [...authorityExtensions(site, 0), serverUsage()],
  });
  const intermediateKeyPem = await exportPrivateKey(intermediateKeys.privateKey);
  return { rootPem, intermediatePem, intermediateKeyPem };
}
