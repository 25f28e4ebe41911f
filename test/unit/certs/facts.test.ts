import { createPrivateKey, X509Certificate } from 'node:crypto';
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
  const pems = { root: ours.rootPem, intermediate: ours.intermediatePem, key: ours.intermediateKeyPem, ...changes };
  return readAuthorityFacts(
    {
      root: { file: 'root', pem: pems.root },
      intermediate: { file: 'intermediate', pem: pems.intermediate },
      key: { file: 'key', pem: pems.key },
    },
    SITE,
  );
};
const chain = (changes: { chain?: string | undefined; key?: string | undefined; intermediate?: string } = {}) => {
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
  expect(chain({ intermediate: twin.intermediatePem })).toEqual({ defect: 'authority-changed', file: 'chain' });
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

test('no damage to a file is an exception, and none goes unnoticed', () => {
  const damage = fc.oneof(
    fc.record({ cut: fc.nat({ max: 2000 }) }),
    fc.record({ at: fc.nat({ max: 2000 }), byte: fc.integer({ min: 0, max: 255 }) }),
  );
  const apply = (pem: string, change: { cut: number } | { at: number; byte: number }): string =>
    'cut' in change
      ? pem.slice(0, change.cut)
      : pem.slice(0, change.at) + String.fromCharCode(change.byte) + pem.slice(change.at + 1);
  /** Damage outside the payload (the last line break, say) is harmless: the content is the same. */
  const content = (part: string, pem: string): Buffer =>
    part === 'key' ? createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }) : new X509Certificate(pem).raw;
  fc.assert(
    fc.property(fc.constantFrom('root', 'intermediate', 'key'), damage, (part, change) => {
      const pems = { root: ours.rootPem, intermediate: ours.intermediatePem, key: ours.intermediateKeyPem };
      const damaged = apply(pems[part], change);
      const { defect } = authority({ [part]: damaged });
      if (defect === null) expect(content(part, damaged)).toEqual(content(part, pems[part]));
    }),
    { numRuns: 400 },
  );
});
