import path from 'node:path';
import { type Owner, readFileIfPresent } from '../system/files.ts';
import { splitPem } from './facts.ts';
import type { TlsMaterial } from './material.ts';
import { writeCertificateFile } from './store.ts';

/**
 * Where systems keep their certificates as one PEM file: Debian and Arch, Fedora and RHEL 9, RHEL 7, openSUSE,
 * Alpine and macOS. The same list as Go's crypto/x509 (root_linux.go).
 */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const;

export interface BundleInput {
  readonly material: Pick<TlsMaterial, 'caFile' | 'caPem'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly owner: Owner | null;
  /** Stands before the paths of the system, for tests; the real one is '/'. */
  readonly root?: string;
}

/**
 * Writes the system's certificates and our root into one file, for tools whose setting replaces their list instead
 * of adding to it (SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE). A list of the user's own (SSL_CERT_FILE:
 * company proxies) is kept. Where a system has no such file (Windows) Node's copy of Mozilla's list is taken.
 *
 * @returns the bundle's path, beside the CA file. Unchanged content is not written again.
 */
export async function ensureBundle(input: BundleInput): Promise<string> {
  const { caFile, caPem } = input.material;
  const bundleFile = path.join(path.dirname(caFile), 'bundle.pem');
  const known = await readKnownCertificates(input, bundleFile);
  const others = splitPem(known).filter((pem) => pem !== splitPem(caPem)[0]);
  const bundle = `${others.join('')}${caPem}`;
  if ((await readFileIfPresent(bundleFile))?.toString('latin1') !== bundle) {
    await writeCertificateFile(bundleFile, bundle, input.owner);
  }
  return bundleFile;
}

async function readKnownCertificates(input: BundleInput, bundleFile: string): Promise<string> {
  const root = input.root ?? '/';
  const own = input.env['SSL_CERT_FILE'] ?? '';
  const system = SYSTEM_BUNDLES.map((file) => path.join(root, file));
  // Inside `jwt-dev exec` the variable names our own bundle, which must not grow out of itself.
  for (const file of own === '' || own === bundleFile ? system : [own, ...system]) {
    const text = (await readFileIfPresent(file))?.toString('latin1');
    if (text !== undefined && text.includes('-----BEGIN CERTIFICATE-----')) return text;
  }
  const { rootCertificates } = await import('node:tls');
  return rootCertificates.map((pem) => `${pem.trim()}\n`).join('');
}
