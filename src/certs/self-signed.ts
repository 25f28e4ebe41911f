import { generate } from 'selfsigned';
import { BACKDATE_MS, ORGANISATION, SELF_SIGNED_LIFETIME_MS } from './constants.ts';

export interface SelfSignedMaterial {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/**
 * One certificate for all hosts that signs for itself and cannot sign another (`CA:FALSE`). Every setting is given:
 * the library's defaults are SHA-1, RSA, a year that `days` does not change, and a SAN of the common name alone.
 */
export async function issueSelfSigned(hostnames: readonly string[], now: Date): Promise<SelfSignedMaterial> {
  const start = Math.floor(now.getTime() / 1000) * 1000 - BACKDATE_MS;
  const pems = await generate(
    [
      // X.520 allows 64 characters.
      ...hostnames.slice(0, 1).flatMap((value) => (value.length > 64 ? [] : [{ name: 'commonName', value }])),
      { name: 'organizationName', value: ORGANISATION },
    ],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      notBeforeDate: new Date(start),
      notAfterDate: new Date(start + SELF_SIGNED_LIFETIME_MS - 1000),
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: hostnames.map((value) => ({ type: 2 as const, value })) },
      ],
    },
  );
  return { certificatePem: `${pems.cert.trim()}\n`, keyPem: pems.private };
}
