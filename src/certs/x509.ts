// @peculiar/x509 stands on a container that needs this polyfill loaded before it (its README, "Reflect Polyfill").
import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { BACKDATE_MS, ORGANISATION } from './constants.ts';
import { EXCLUDED_ADDRESSES } from './constraints.ts';

/** The only file that knows the library. Loading it costs about 100 ms: only where a certificate is really made. */

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;
const NAME_CONSTRAINTS_OID = '2.5.29.30';

export interface Issuer {
  readonly subject: string | Name;
  readonly publicKey: webcrypto.CryptoKey;
  readonly privateKey: webcrypto.CryptoKey;
}

/** An ECDSA P-256 key pair. A private key that is not `extractable` cannot leave this process. */
export function generateKeyPair(options: {
  readonly extractable: boolean;
}): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, options.extractable, ['sign', 'verify']);
}

/** The PKCS #8 PEM of an extractable private key. */
export async function exportPrivateKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

/** A CA that is on disk as PEM, ready to sign. */
export async function importIssuer(
  certificatePem: string,
  keyPem: string,
): Promise<Issuer & { readonly notAfter: Date }> {
  const certificate = new X509Certificate(certificatePem);
  const der = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' });
  const [publicKey, privateKey] = await Promise.all([
    certificate.publicKey.export(KEY_ALGORITHM, ['verify'], webcrypto),
    webcrypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, false, ['sign']),
  ]);
  return { subject: certificate.subjectName, publicKey, privateKey, notAfter: certificate.notAfter };
}

/**
 * Signs a certificate with subject and authority key identifiers (RFC 5280 sections 4.2.1.1 and 4.2.1.2; without
 * them `openssl verify -x509_strict` and Python 3.13 refuse a chain), ECDSA with SHA-256 and a random serial number.
 *
 * @returns the certificate as PEM, with a final newline.
 */
export async function signCertificate(input: {
  readonly subject: string;
  readonly publicKey: webcrypto.CryptoKey;
  readonly issuer: Issuer;
  readonly now: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Extension[];
}): Promise<string> {
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: randomSerialNumber(),
      subject: input.subject,
      issuer: input.issuer.subject,
      notBefore: notBeforeOf(input.now),
      notAfter: input.notAfter,
      publicKey: input.publicKey,
      signingKey: input.issuer.privateKey,
      signingAlgorithm: SIGNING_ALGORITHM,
      extensions: [
        ...input.extensions,
        await SubjectKeyIdentifierExtension.create(input.publicKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create(input.issuer.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return `${certificate.toString('pem').trim()}\n`;
}

/** What makes a certificate a CA that may sign for `site` only, with at most `pathLength` CAs below it. */
export function authorityExtensions(site: string, pathLength: number): readonly Extension[] {
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    new Extension(NAME_CONSTRAINTS_OID, true, encodeNameConstraints(site)),
  ];
}

/** What makes a certificate a TLS server's, for these DNS names. */
export function serverExtensions(hostnames: readonly string[]): readonly Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    serverUsage(),
    new SubjectAlternativeNameExtension(
      hostnames.map((value) => ({ type: 'dns' as const, value })),
      false,
    ),
  ];
}

/** On an intermediate it also keeps code and mail from being signed below it. */
export function serverUsage(): Extension {
  return new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth], false);
}

function encodeNameConstraints(site: string): ArrayBuffer {
  const subtree = (base: Partial<GeneralName>): GeneralSubtree =>
    new GeneralSubtree({ base: new GeneralName(base) });
  const constraints = new NameConstraints({
    permittedSubtrees: new GeneralSubtrees([
      subtree({ dNSName: site }),
      subtree({ rfc822Name: site }),
      subtree({ uniformResourceIdentifier: site }),
    ]),
    excludedSubtrees: new GeneralSubtrees(EXCLUDED_ADDRESSES.map((range) => subtree({ iPAddress: range }))),
  });
  return AsnConvert.serialize(constraints);
}

/** X.520 allows a common name that many characters; strict readers refuse a certificate with more. */
const COMMON_NAME_LIMIT = 64;

/** The distinguished name of a leaf. A host name that is too long is left out: what counts stands in the SAN. */
export function leafSubject(hostname: string): string {
  const organisation = `O=${ORGANISATION}`;
  return hostname.length <= COMMON_NAME_LIMIT ? `CN=${hostname}, ${organisation}` : organisation;
}

/** The distinguished name of a CA. The end of a very long one is cut off: the site stands in the constraints. */
export function authoritySubject(name: string): string {
  return `CN=${name.slice(0, COMMON_NAME_LIMIT)}, O=${ORGANISATION}`;
}

/** The start of a certificate's life, in whole seconds: X.509 has no fractions (RFC 5280 section 4.1.2.5). */
function notBeforeOf(now: Date): Date {
  return new Date(Math.floor((now.getTime() - BACKDATE_MS) / 1000) * 1000);
}

/** The end of a life of at most `lifetimeMs`. Both ends count as valid, hence the second less. */
export function notAfterOf(now: Date, lifetimeMs: number): Date {
  return new Date(notBeforeOf(now).getTime() + lifetimeMs - 1000);
}

/** 128 bits, positive, always 16 bytes long: 126 of them random (RFC 5280 section 4.1.2.2 allows 20 bytes). */
export function randomSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
