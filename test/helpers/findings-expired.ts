import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
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
import { makeCertificates } from './certs-files.ts';
import { HOSTNAMES } from './proxy-fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate of a CA that is good, for both hosts, which ended yesterday. */
export async function expiredLeaf(
  dir: string,
): Promise<{ readonly keyPem: string; readonly chainPem: string; readonly caPem: string }> {
  const { material, authority } = await makeCertificates(dir);
  const keys = await generateKeyPair({ extractable: true });
  const begun = new Date(Date.now() - 3 * DAY_MS);
  const leafPem = await signCertificate({
    subject: 'CN=example.com',
    publicKey: keys.publicKey,
    issuer: await importIssuer(authority.intermediatePem, authority.intermediateKeyPem),
    now: begun,
    notAfter: notAfterOf(begun, DAY_MS),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth], false),
      new SubjectAlternativeNameExtension(
        HOSTNAMES.map((value) => ({ type: 'dns' as const, value })),
        false,
      ),
    ],
  });
  return {
    keyPem: await exportPrivateKey(keys.privateKey),
    chainPem: leafPem + authority.intermediatePem,
    caPem: material.caPem,
  };
}
