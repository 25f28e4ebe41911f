import { createPrivateKey, sign, verify, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type AuthorityMaterial, issueAuthority } from '../../../src/certs/authority.ts';
import { readAuthorityFacts, readLeafFacts } from '../../../src/certs/facts.ts';
import { issueLeaf, type LeafMaterial } from '../../../src/certs/leaf.ts';

const NOW = new Date();
const SITE = 'example.com';
let ours: AuthorityMaterial;
let other: AuthorityMaterial;
let leaf: LeafMaterial;

beforeAll(async () => {
  ours = await issueAuthority(SITE, NOW);
  other = await issueAuthority('example.org', NOW);
  leaf = await issueLeaf(ours, [SITE], NOW);
});

const authority = (changes: Partial<Record<'root' | 'intermediate' | 'key', string | undefined>> = {}) => {
  const pems = {
    root: ours.rootPem,
    intermediate: ours.intermediatePem,
    key: ours.intermediateKeyPem,
    ...changes,
  };
  return readAuthorityFacts(
    {
      root: { file: 'root', pem: pems.root },
      intermediate: { file: 'intermediate', pem: pems.intermediate },
      key: { file: 'key', pem: pems.key },
    },
    SITE,
  );
};
const chain = (
  changes: { chain?: string | undefined; key?: string | undefined; intermediate?: string } = {},
) => {
  const pems = { chain: leaf.chainPem, key: leaf.keyPem, intermediate: ours.intermediatePem, ...changes };
  return readLeafFacts({
    chain: { file: 'chain', pem: pems.chain },
    key: { file: 'key', pem: pems.key },
    intermediatePem: pems.intermediate,
  });
};

test('what belongs together has no defect', () => {
  expect(authority().defect).toBe(null);
  expect(chain().defect).toBe(null);
});

test('each missing file is named', () => {
  expect(authority({ root: undefined })).toEqual({ defect: 'missing', file: 'root' });
  expect(authority({ intermediate: undefined })).toEqual({ defect: 'missing', file: 'intermediate' });
  expect(authority({ key: undefined })).toEqual({ defect: 'missing', file: 'key' });
  expect(chain({ chain: undefined })).toEqual({ defect: 'missing', file: 'chain' });
  expect(chain({ key: undefined })).toEqual({ defect: 'missing', file: 'key' });
});

test('a CA of another site is foreign, also where it is complete', () => {
  expect(
    authority({ root: other.rootPem, intermediate: other.intermediatePem, key: other.intermediateKeyPem }),
  ).toEqual({ defect: 'foreign', file: 'root' });
});

test('parts of two CAs of the same site are told apart', async () => {
  const twin = await issueAuthority(SITE, NOW);
  expect(authority({ root: twin.rootPem })).toEqual({ defect: 'authority-changed', file: 'intermediate' });
  expect(authority({ key: twin.intermediateKeyPem })).toEqual({ defect: 'key-mismatch', file: 'key' });
  expect(chain({ intermediate: twin.intermediatePem })).toEqual({
    defect: 'authority-changed',
    file: 'chain',
  });
  expect(chain({ chain: leaf.leafPem + twin.intermediatePem, intermediate: twin.intermediatePem })).toEqual({
    defect: 'authority-changed',
    file: 'chain',
  });
});

test('a leaf is never taken for a CA', () => {
  expect(authority({ root: leaf.leafPem })).toEqual({ defect: 'foreign', file: 'root' });
});

test('a chain that is cut, doubled or has no intermediate is unreadable', () => {
  for (const pem of [leaf.leafPem, leaf.chainPem + leaf.leafPem, leaf.chainPem.slice(0, -40), '', 'x']) {
    expect(chain({ chain: pem })).toEqual({ defect: 'unreadable', file: 'chain' });
  }
});

/** The certificate as it is, or whether the key still does its work. */
function meaning(part: 'root' | 'intermediate' | 'key', pem: string): unknown {
  if (part !== 'key') return new X509Certificate(pem).raw;
  const signature = sign('sha256', Buffer.from('x'), createPrivateKey(pem));
  return verify('sha256', Buffer.from('x'), new X509Certificate(ours.intermediatePem).publicKey, signature);
}

test('no damage to a file is an exception, and what passes still means the same', () => {
  const part = fc.constantFrom('root', 'intermediate', 'key');
  fc.assert(
    fc.property(
      part,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat({ max: 255 }),
      fc.boolean(),
      (name, place, byte, cut) => {
        const pems = { root: ours.rootPem, intermediate: ours.intermediatePem, key: ours.intermediateKeyPem };
        const pem = pems[name];
        const at = Math.floor(place * pem.length);
        const damaged = cut
          ? pem.slice(0, at)
          : pem.slice(0, at) + String.fromCharCode(byte) + pem.slice(at + 1);
        const { defect } = authority({ [name]: damaged });
        if (defect === null) expect(meaning(name, damaged)).toEqual(meaning(name, pem));
      },
    ),
    { numRuns: 500 },
  );
});

test('a damaged private half is found, though the public half beside it still fits', () => {
  const der = createPrivateKey(ours.intermediateKeyPem).export({ type: 'pkcs8', format: 'der' });
  // RFC 5915: the private half is the OCTET STRING of 32 bytes.
  const at = der.indexOf(Buffer.from('0420', 'hex')) + 2;
  der.writeUInt8(der.readUInt8(at + 16) ^ 1, at + 16);
  const pem = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  expect(authority({ key: pem }).defect).not.toBe(null);
});
