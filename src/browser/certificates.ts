import { createHash, X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The keys of a chain as Chromium's `--ignore-certificate-errors-spki-list` takes them: base64 of the SHA-256 of each
 * SubjectPublicKeyInfo. A certificate is accepted if its own key or one of the chain it was sent with is in the list.
 */
export function spkiHashes(chainPem: string): readonly string[] {
  return certificatesOf(chainPem).map(({ publicKey }) => {
    const key = publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(key).digest('base64');
  });
}

/** The SHA-256 of the first certificate of a chain: upper case, with colons. */
export function leafFingerprint(chainPem: string): string {
  return certificatesOf(chainPem)[0]?.fingerprint256 ?? '';
}

function certificatesOf(pem: string): readonly X509Certificate[] {
  return (pem.match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text));
}
