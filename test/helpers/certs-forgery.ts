import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import {
  exportPrivateKey,
  generateKeyPair,
  importIssuer,
  notAfterOf,
  signCertificate,
} from '../../src/certs/x509.ts';

export interface ForgedLeaf {
  readonly keyPem: string;
  readonly chainPem: string;
  readonly leafPem: string;
}

/**
 * What a thief of the intermediate's key would make: a leaf that is perfect but for its names. `names` null: no
 * SAN at all, so that clients with a fallback read the common name.
 */
export async function forgeLeaf(
  authority: { readonly intermediatePem: string; readonly intermediateKeyPem: string },
  commonName: string,
  names: readonly JsonGeneralName[] | null,
): Promise<ForgedLeaf> {
  const issuer = await importIssuer(authority.intermediatePem, authority.intermediateKeyPem);
  const keys = await generateKeyPair({ extractable: true });
  const leafPem = await signCertificate({
    subject: `CN=${commonName}`,
    publicKey: keys.publicKey,
    issuer,
    now: new Date(),
    notAfter: notAfterOf(new Date(), 24 * 60 * 60 * 1000),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth], false),
      ...(names === null ? [] : [new SubjectAlternativeNameExtension([...names], false)]),
    ],
  });
  return {
    leafPem,
    chainPem: leafPem + authority.intermediatePem,
    keyPem: await exportPrivateKey(keys.privateKey),
  };
}
