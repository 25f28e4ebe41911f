import { X509Certificate } from 'node:crypto';
import { ORGANISATION } from '../constants.ts';
import { constrainedSite } from '../constraints.ts';
import type { RootIdentity, TrustedRoot } from './types.ts';

/** The names that `issueAuthority` gives: how our roots are found again in a store, whatever else is there. */
const NAME = /^jwt-dev root [0-9a-f]{8} \S+$/;

/** Whether a nickname or common name is one of ours. */
export function isOurName(name: string): boolean {
  return NAME.test(name);
}

/** Who a certificate is, if it is one of our roots; undefined for every other certificate. */
export function identifyRoot(pem: string): RootIdentity | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    // Another program's file that holds no certificate; OpenSSL's decoding errors have many codes.
    if (error instanceof Error) return undefined;
    throw error;
  }
  const fields = certificate.subject.split('\n');
  const name = fields.find((field) => field.startsWith('CN='))?.slice('CN='.length) ?? '';
  const site = constrainedSite(certificate.raw);
  if (site === undefined || !isOurName(name) || !fields.includes(`O=${ORGANISATION}`)) return undefined;
  return {
    name,
    site,
    fingerprint256: certificate.fingerprint256,
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
  };
}

/** A root file of ours that stores can be asked to trust, or undefined where the PEM is not one. */
export function trustedRoot(file: string, pem: string): TrustedRoot | undefined {
  const identity = identifyRoot(pem);
  return identity && { ...identity, file, pem };
}
