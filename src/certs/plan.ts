import { AUTHORITY_RENEW_BEFORE_MS, LEAF_RENEW_BEFORE_MS, SELF_SIGNED_RENEW_BEFORE_MS } from './constants.ts';
import type { AuthorityFacts, CertificateFacts, LeafFacts, MaterialDefect } from './facts.ts';

/** Why a certificate is made anew. `clock`: it is not valid yet, so the clock was or is wrong. */
export type IssueReason = MaterialDefect | 'expiring' | 'names-changed' | 'clock' | 'requested';

export type CertificatePlan =
  | { readonly action: 'keep' }
  | {
      readonly action: 'issue';
      readonly reason: IssueReason;
      /** The file that made it necessary, or null where none did. */
      readonly file: string | null;
    };

const KEEP: CertificatePlan = { action: 'keep' };

/** Decides about a site's CA. `requested`: the user asked for a new one. */
export function planAuthority(facts: AuthorityFacts, now: Date, requested: boolean): CertificatePlan {
  if (requested && facts.defect !== 'missing') return issue('requested');
  if (facts.defect !== null) return issue(facts.defect, facts.file);
  return planByTime([facts.root, facts.intermediate], now, AUTHORITY_RENEW_BEFORE_MS) ?? KEEP;
}

/** Decides about the leaf of a project with these host names. */
export function planLeaf(
  facts: LeafFacts,
  hostnames: readonly string[],
  now: Date,
  requested: boolean,
): CertificatePlan {
  return planServerCertificate(facts, hostnames, now, requested, LEAF_RENEW_BEFORE_MS);
}

/** Decides about the certificate of the self-signed mode. */
export function planSelfSigned(
  facts: LeafFacts,
  hostnames: readonly string[],
  now: Date,
  requested: boolean,
): CertificatePlan {
  return planServerCertificate(facts, hostnames, now, requested, SELF_SIGNED_RENEW_BEFORE_MS);
}

/** When a server certificate becomes due: from then on its plan says `expiring`. */
export function renewalDate(facts: Pick<CertificateFacts, 'notAfter'>, mode: 'ca' | 'self-signed'): Date {
  const before = mode === 'ca' ? LEAF_RENEW_BEFORE_MS : SELF_SIGNED_RENEW_BEFORE_MS;
  return new Date(facts.notAfter.getTime() - before);
}

function planServerCertificate(
  facts: LeafFacts,
  hostnames: readonly string[],
  now: Date,
  requested: boolean,
  renewBeforeMs: number,
): CertificatePlan {
  if (requested && facts.defect !== 'missing') return issue('requested');
  if (facts.defect !== null) return issue(facts.defect, facts.file);
  const dated = planByTime([facts.leaf], now, renewBeforeMs);
  if (dated !== null) return dated;
  return sameNames(facts.leaf.names, hostnames) ? KEEP : issue('names-changed');
}

function planByTime(
  certificates: readonly CertificateFacts[],
  now: Date,
  renewBeforeMs: number,
): CertificatePlan | null {
  if (certificates.some(({ notBefore }) => notBefore > now)) return issue('clock');
  const limit = now.getTime() + renewBeforeMs;
  return certificates.some(({ notAfter }) => notAfter.getTime() <= limit) ? issue('expiring') : null;
}

/** Exactly these names, in any order: a leaf for a host that the project gave up is not kept. */
function sameNames(names: readonly string[], wanted: readonly string[]): boolean {
  const set = new Set(wanted);
  return new Set(names).size === set.size && names.every((name) => set.has(name));
}

function issue(reason: IssueReason, file: string | null = null): CertificatePlan {
  return { action: 'issue', reason, file };
}
