import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { issueAuthority } from '../../../../src/certs/authority.ts';
import { issueSelfSigned } from '../../../../src/certs/self-signed.ts';
import { identifyRoot, isOurName } from '../../../../src/certs/trust/root-identity.ts';

test('our roots are recognised, with their site', async () => {
  const { rootPem, intermediatePem } = await issueAuthority('shop.example.co.uk', new Date());
  expect(identifyRoot(rootPem)).toMatchObject({
    site: 'shop.example.co.uk',
    name: expect.stringMatching(/^jwt-dev root [0-9a-f]{8} shop\.example\.co\.uk$/),
  });
  expect(identifyRoot(intermediatePem)).toBe(undefined);
});

test('nothing else is: no public root, no self-signed certificate, no text', async () => {
  const { certificatePem } = await issueSelfSigned(['example.com'], new Date());
  for (const pem of [...rootCertificates, certificatePem, '', 'x']) expect(identifyRoot(pem)).toBe(undefined);
  expect(isOurName('jwt-dev root of my own')).toBe(false);
});

test('a site whose name does not fit into a common name is still found', async () => {
  const site = `${'a'.repeat(50)}.${'b'.repeat(50)}.test`;
  const { rootPem } = await issueAuthority(site, new Date());
  expect(identifyRoot(rootPem)?.site).toBe(site);
});
