import { X509Certificate } from 'node:crypto';
import { constrainedSite } from '../../certs/constraints.ts';
import { type AuthorityFacts, type LeafFacts, splitPem } from '../../certs/facts.ts';
import { inspectCa, inspectSelfSigned } from '../../certs/inspect.ts';
import type { CertificatePlan } from '../../certs/plan.ts';
import { trustedRoot } from '../../certs/trust/root-identity.ts';
import type { TrustedRoot } from '../../certs/trust/types.ts';
import { allHosts } from '../../config/types.ts';
import type { DoctorWorld } from '../types.ts';
import { type PathFact, readPaths } from './state.ts';

export interface CertificatesFacts {
  readonly mode: 'ca' | 'self-signed';
  /** null in self-signed mode. */
  readonly authority: { readonly facts: AuthorityFacts; readonly plan: CertificatePlan } | null;
  readonly leaf: { readonly facts: LeafFacts; readonly plan: CertificatePlan };
  /** The extended key usages of the leaf (RFC 5280, section 4.2.1.12): object identifiers. */
  readonly leafUsages: readonly string[];
  readonly leafFingerprint256: string | null;
  /** The site that the root is held to; null: there is none, or it is held to nothing. */
  readonly constrainedTo: string | null;
  readonly root: TrustedRoot | null;
  /** What a client has to know: the root, or the self-signed certificate. */
  readonly caPem: string | null;
  readonly caFile: string;
  /** The private keys that are there. */
  readonly keys: readonly PathFact[];
}

/** Reads and judges the project's certificates as `up` would, and makes nothing. @throws JwtDevError ERR_CERTS_UNREADABLE */
export async function readCertificates(world: DoctorWorld): Promise<CertificatesFacts> {
  const { config, paths, now } = world;
  const request = {
    paths,
    stateDir: config.stateDir,
    site: config.site,
    hostnames: allHosts(config).map(({ hostname }) => hostname),
    now,
  };
  if (config.tls.mode === 'self-signed') {
    const { files, leaf, plan, pems } = await inspectSelfSigned(request, null);
    return {
      mode: 'self-signed',
      authority: null,
      leaf: { facts: leaf, plan },
      ...describe(leaf, pems.certificate.pem),
      constrainedTo: null,
      root: null,
      caPem: pems.certificate.pem ?? null,
      caFile: files.certificate,
      keys: await readPaths([files.key]),
    };
  }
  const { files, authority, leaf, plans, pems } = await inspectCa(request, null);
  const rootPem = authority.defect === null ? pems.root.pem : undefined;
  return {
    mode: 'ca',
    authority: { facts: authority, plan: plans.authority },
    leaf: { facts: leaf, plan: plans.leaf },
    ...describe(leaf, pems.chain.pem),
    constrainedTo: rootPem === undefined ? null : (constrainedSite(new X509Certificate(rootPem).raw) ?? null),
    root: rootPem === undefined ? null : (trustedRoot(files.authority.root, rootPem) ?? null),
    caPem: rootPem ?? null,
    caFile: files.authority.root,
    keys: await readPaths([files.authority.key, files.leaf.key]),
  };
}

function describe(
  leaf: LeafFacts,
  pem: string | undefined,
): Pick<CertificatesFacts, 'leafUsages' | 'leafFingerprint256'> {
  const [own] = splitPem(pem ?? '');
  if (leaf.defect !== null || own === undefined) return { leafUsages: [], leafFingerprint256: null };
  const { keyUsage, fingerprint256 } = new X509Certificate(own);
  return { leafUsages: keyUsage ?? [], leafFingerprint256: fingerprint256 };
}
