import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { issueAuthority } from '../../../src/certs/authority.ts';
import { constrainedSite } from '../../../src/certs/constraints.ts';
import { readCertificateFacts, splitPem } from '../../../src/certs/facts.ts';
import { issueLeaf } from '../../../src/certs/leaf.ts';
import { issueSelfSigned } from '../../../src/certs/self-signed.ts';
import { authoritySubject, leafSubject, randomSerialNumber } from '../../../src/certs/x509.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = new Date('2026-11-23T12:34:56.789Z');

test('serial numbers are 128 bits, positive and all different', () => {
  const serials = new Set(Array.from({ length: 1000 }, () => randomSerialNumber()));
  expect(serials.size).toBe(1000);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
});

test('a host name that is too long for X.520 is left out of the subject, that of a CA is cut', () => {
  expect(leafSubject('a'.repeat(64))).toContain(`CN=${'a'.repeat(64)},`);
  expect(leafSubject('a'.repeat(65))).not.toContain('CN=');
  expect(authoritySubject('a'.repeat(65))).toContain(`CN=${'a'.repeat(64)},`);
});

test('a certificate without name constraints is held to no site', async () => {
  const { certificatePem } = await issueSelfSigned(['example.com'], NOW);
  expect(constrainedSite(new X509Certificate(certificatePem).raw)).toBe(undefined);
  for (const pem of rootCertificates) expect(constrainedSite(new X509Certificate(pem).raw)).toBe(undefined);
});

test('the leaf lives at most 30 days, from an hour ago, in whole seconds, and names every host', async () => {
  const authority = await issueAuthority('example.com', NOW);
  const names = ['example.com', 'api.example.com', 'app.example.com'];
  const { leafPem, chainPem, keyPem } = await issueLeaf(authority, names, NOW);
  const facts = readCertificateFacts(leafPem);
  expect(facts?.names).toEqual(names);
  expect(facts?.notBefore).toEqual(new Date('2026-11-23T11:34:56Z'));
  expect((facts?.notAfter.getTime() ?? 0) - (facts?.notBefore.getTime() ?? 0)).toBe(30 * DAY_MS - 1000);
  expect(facts?.isAuthority).toBe(false);
  expect(splitPem(chainPem)).toEqual([leafPem, authority.intermediatePem]);
  expect(new X509Certificate(leafPem).keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(keyPem).toContain('-----BEGIN PRIVATE KEY-----');
});

test('the leaf never outlives its authority', async () => {
  const authority = await issueAuthority('example.com', NOW);
  const end = readCertificateFacts(authority.intermediatePem)?.notAfter ?? NOW;
  const late = new Date(end.getTime() - 3 * DAY_MS);
  const { leafPem } = await issueLeaf(authority, ['example.com'], late);
  expect(readCertificateFacts(leafPem)?.notAfter).toEqual(end);
});

test('root and intermediate are both held to the site, whatever its name is', async () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  await fc.assert(
    fc.asyncProperty(fc.array(label, { minLength: 2, maxLength: 4 }), async (labels) => {
      const site = labels.join('.');
      const { rootPem, intermediatePem } = await issueAuthority(site, NOW);
      for (const pem of [rootPem, intermediatePem]) {
        expect(constrainedSite(new X509Certificate(pem).raw)).toBe(site);
      }
    }),
    { numRuns: 30 },
  );
});

test('two authorities of one site share neither subject nor key', async () => {
  const [one, two] = await Promise.all([
    issueAuthority('example.com', NOW),
    issueAuthority('example.com', NOW),
  ]);
  const [first, second] = [new X509Certificate(one.rootPem), new X509Certificate(two.rootPem)];
  expect(first.subject).not.toBe(second.subject);
  expect(first.publicKey.equals(second.publicKey)).toBe(false);
});

test('the self-signed certificate is EC with SHA-256, cannot sign, and lives as long as it says', async () => {
  const { certificatePem } = await issueSelfSigned(['example.com', 'api.example.com'], NOW);
  const certificate = new X509Certificate(certificatePem);
  const facts = readCertificateFacts(certificatePem);
  expect(facts?.names).toEqual(['example.com', 'api.example.com']);
  expect(certificate.ca).toBe(false);
  expect(certificate.publicKey.asymmetricKeyType).toBe('ec');
  // ecdsa-with-SHA256, 1.2.840.10045.4.3.2.
  expect(certificate.raw.includes(Buffer.from('06082a8648ce3d040302', 'hex'))).toBe(true);
  expect((facts?.notAfter.getTime() ?? 0) - (facts?.notBefore.getTime() ?? 0)).toBe(365 * DAY_MS - 1000);
});
