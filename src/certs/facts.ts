import { createPrivateKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import { constrainedSite } from './constraints.ts';

/** What a certificate says about itself, as far as decisions need it. */
export interface CertificateFacts {
  /** The DNS names of the subject alternative name extension, in their order. */
  readonly names: readonly string[];
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 over the DER, upper-case hexadecimal with colons, as browsers and openssl show it. */
  readonly fingerprint256: string;
  /** Hexadecimal, upper case. */
  readonly serialNumber: string;
  readonly isAuthority: boolean;
}

/** What is wrong with key material on disk, so that it cannot be used. */
export type MaterialDefect = 'missing' | 'unreadable' | 'key-mismatch' | 'foreign' | 'authority-changed';

export type AuthorityFacts =
  | { readonly defect: MaterialDefect; readonly file: string }
  | { readonly defect: null; readonly root: CertificateFacts; readonly intermediate: CertificateFacts };

export type LeafFacts =
  | { readonly defect: MaterialDefect; readonly file: string }
  | { readonly defect: null; readonly leaf: CertificateFacts };

/** A file's name and its content, or undefined where there is no such file. */
export interface PemFile {
  readonly file: string;
  readonly pem: string | undefined;
}

/** The facts of the first certificate in a PEM text, or undefined where it holds none that can be read. */
export function readCertificateFacts(pem: string): CertificateFacts | undefined {
  const certificate = parseCertificate(pem);
  return certificate && factsOf(certificate);
}

/** Each certificate of a PEM text on its own, in its order, without what stands between them. */
export function splitPem(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block}\n`);
}

/**
 * Reads a CA's three files: every one is there and can be read, the key belongs to the intermediate, the root signed
 * it, and both are held to `site`. A CA without that constraint is somebody else's and is never signed with.
 */
export function readAuthorityFacts(
  files: { readonly root: PemFile; readonly intermediate: PemFile; readonly key: PemFile },
  site: string,
): AuthorityFacts {
  const { root: rootFile, intermediate: intermediateFile, key } = files;
  for (const { file, pem } of [rootFile, intermediateFile, key]) {
    if (pem === undefined) return { defect: 'missing', file };
  }
  const root = parseCertificate(rootFile.pem);
  if (root === undefined) return { defect: 'unreadable', file: rootFile.file };
  const intermediate = parseCertificate(intermediateFile.pem);
  if (intermediate === undefined) return { defect: 'unreadable', file: intermediateFile.file };
  if (!isOurAuthority(root, site)) return { defect: 'foreign', file: rootFile.file };
  if (!isOurAuthority(intermediate, site)) return { defect: 'foreign', file: intermediateFile.file };
  if (!isSignedBy(root, root)) return { defect: 'foreign', file: rootFile.file };
  if (!isSignedBy(intermediate, root)) return { defect: 'authority-changed', file: intermediateFile.file };
  const keyDefect = defectOfKey(key, intermediate);
  if (keyDefect !== null) return { defect: keyDefect, file: key.file };
  return { defect: null, root: factsOf(root), intermediate: factsOf(intermediate) };
}

/** Reads a leaf: the chain file (leaf, then intermediate), its key, and whether `intermediatePem` signed it. */
export function readLeafFacts(files: {
  readonly chain: PemFile;
  readonly key: PemFile;
  readonly intermediatePem: string;
}): LeafFacts {
  const { chain, key, intermediatePem } = files;
  if (chain.pem === undefined) return { defect: 'missing', file: chain.file };
  if (key.pem === undefined) return { defect: 'missing', file: key.file };
  const [leafPem, sentPem, ...rest] = splitPem(chain.pem);
  const leaf = parseCertificate(leafPem);
  const sent = parseCertificate(sentPem);
  if (leaf === undefined || sent === undefined || rest.length > 0) {
    return { defect: 'unreadable', file: chain.file };
  }
  const keyDefect = defectOfKey(key, leaf);
  if (keyDefect !== null) return { defect: keyDefect, file: key.file };
  const intermediate = parseCertificate(intermediatePem);
  if (intermediate === undefined || intermediate.fingerprint256 !== sent.fingerprint256) {
    return { defect: 'authority-changed', file: chain.file };
  }
  if (!isSignedBy(leaf, intermediate)) return { defect: 'authority-changed', file: chain.file };
  return { defect: null, leaf: factsOf(leaf) };
}

/** Reads the one certificate of the self-signed mode and its key. */
export function readSelfSignedFacts(files: {
  readonly certificate: PemFile;
  readonly key: PemFile;
}): LeafFacts {
  const { certificate: file, key } = files;
  if (file.pem === undefined) return { defect: 'missing', file: file.file };
  if (key.pem === undefined) return { defect: 'missing', file: key.file };
  const certificate = parseCertificate(file.pem);
  if (certificate === undefined) return { defect: 'unreadable', file: file.file };
  // Not `checkIssued`: OpenSSL says no where the key usage holds no right to sign certificates, as here.
  if (certificate.ca || !certificate.verify(certificate.publicKey))
    return { defect: 'foreign', file: file.file };
  const keyDefect = defectOfKey(key, certificate);
  if (keyDefect !== null) return { defect: keyDefect, file: key.file };
  return { defect: null, leaf: factsOf(certificate) };
}

function parseCertificate(pem: string | undefined): X509Certificate | undefined {
  if (pem === undefined) return undefined;
  try {
    return new X509Certificate(pem);
  } catch (error) {
    // OpenSSL's decoding errors have many codes; no other kind of error comes from parsing a string.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function defectOfKey({ pem }: PemFile, certificate: X509Certificate): 'unreadable' | 'key-mismatch' | null {
  if (pem === undefined) return 'unreadable';
  try {
    return isKeyOf(createPrivateKey(pem), certificate) ? null : 'key-mismatch';
  } catch (error) {
    // As above: OpenSSL could not decode the key.
    if (error instanceof Error) return 'unreadable';
    throw error;
  }
}

/**
 * Whether a private key really signs for a certificate. `checkPrivateKey` alone compares the public half that is
 * written into the key's file, and says yes to a damaged private half.
 */
function isKeyOf(key: KeyObject, certificate: X509Certificate): boolean {
  if (!certificate.checkPrivateKey(key)) return false;
  const message = Buffer.from('jwt-dev');
  return verify('sha256', message, certificate.publicKey, sign('sha256', message, key));
}

function isOurAuthority(certificate: X509Certificate, site: string): boolean {
  return certificate.ca && constrainedSite(certificate.raw) === site;
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const names = (certificate.subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice('DNS:'.length));
  return {
    names,
    subject: certificate.subject.replaceAll('\n', ', '),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    fingerprint256: certificate.fingerprint256,
    serialNumber: certificate.serialNumber,
    isAuthority: certificate.ca,
  };
}
