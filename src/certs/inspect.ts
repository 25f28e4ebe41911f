import type { Paths } from '../system/paths.ts';
import {
  type AuthorityFacts,
  type LeafFacts,
  type PemFile,
  readAuthorityFacts,
  readLeafFacts,
  readSelfSignedFacts,
} from './facts.ts';
import { type CertificatePlan, planAuthority, planLeaf, planSelfSigned } from './plan.ts';
import {
  type AuthorityFiles,
  authorityFiles,
  type LeafFiles,
  leafFiles,
  readPem,
  selfSignedFiles,
} from './store.ts';

/** Which certificates are meant: a project's host names below its site. */
export interface CertificateRequest {
  readonly paths: Paths;
  /** The project's own state directory. */
  readonly stateDir: string;
  readonly site: string;
  readonly hostnames: readonly string[];
  readonly now: () => Date;
}

/** What the user asked to be made anew although it is good; null: nothing. */
export type RenewalRequest = 'leaf' | 'authority' | null;

export interface CaState {
  readonly files: { readonly authority: AuthorityFiles; readonly leaf: LeafFiles };
  readonly authority: AuthorityFacts;
  readonly leaf: LeafFacts;
  readonly plans: { readonly authority: CertificatePlan; readonly leaf: CertificatePlan };
  readonly pems: Readonly<
    Record<'root' | 'intermediate' | 'authorityKey' | 'leaf' | 'chain' | 'key', PemFile>
  >;
}

export interface SelfSignedState {
  readonly files: LeafFiles;
  readonly leaf: LeafFacts;
  readonly plan: CertificatePlan;
  readonly pems: Readonly<Record<'certificate' | 'key', PemFile>>;
}

/** Reads and judges a project's CA and leaf; changes nothing. */
export async function inspectCa(request: CertificateRequest, renew: RenewalRequest): Promise<CaState> {
  const files = { authority: authorityFiles(request.paths, request.site), leaf: leafFiles(request.stateDir) };
  const [root, intermediate, authorityKey, leafPem, chain, key] = await Promise.all([
    readPem(files.authority.root),
    readPem(files.authority.intermediate),
    readPem(files.authority.key),
    readPem(files.leaf.certificate),
    readPem(files.leaf.chain),
    readPem(files.leaf.key),
  ]);
  const authority = readAuthorityFacts({ root, intermediate, key: authorityKey }, request.site);
  const leaf = readLeafFacts({ chain, key, intermediatePem: intermediate.pem ?? '' });
  const now = request.now();
  return {
    files,
    authority,
    leaf,
    plans: {
      authority: planAuthority(authority, now, renew === 'authority'),
      leaf: planLeaf(leaf, request.hostnames, now, renew === 'leaf'),
    },
    pems: { root, intermediate, authorityKey, leaf: leafPem, chain, key },
  };
}

/** Reads and judges a project's self-signed certificate; changes nothing. */
export async function inspectSelfSigned(
  request: CertificateRequest,
  renew: RenewalRequest,
): Promise<SelfSignedState> {
  const files = selfSignedFiles(request.stateDir);
  const [certificate, key] = await Promise.all([readPem(files.certificate), readPem(files.key)]);
  const leaf = readSelfSignedFacts({ certificate, key });
  const plan = planSelfSigned(leaf, request.hostnames, request.now(), renew !== null);
  return { files, leaf, plan, pems: { certificate, key } };
}
