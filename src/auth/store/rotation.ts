import type { ReusePolicy } from '../../config/types.ts';

export interface RotationFacts {
  /** What the ledger knows of the presented token; undefined: nothing (it was minted elsewhere with our key). */
  readonly presented: { readonly rotatedAt: number | null; readonly deniedAt: number | null } | undefined;
  readonly familyRevoked: boolean;
  /** The newest token of the family, where it still may be used. */
  readonly headUsable: boolean;
}

/** `follow`: hand out the family's head once more; `revoke`: refuse and deny the whole family. */
export type RotationDecision = 'rotate' | 'follow' | 'refuse' | 'revoke';

/**
 * What a refresh with this token leads to. A family never forks: whoever comes late within the grace time
 * gets the head that exists (RFC 9700, section 4.14.2 on rotation; Auth0's "reuse interval" is the same idea).
 */
export function decideRotation(
  facts: RotationFacts,
  policy: { readonly reuse: ReusePolicy; readonly graceMs: number; readonly now: number },
): RotationDecision {
  const { presented, familyRevoked, headUsable } = facts;
  if (presented === undefined) return 'rotate';
  if (familyRevoked || presented.deniedAt !== null) return 'refuse';
  if (presented.rotatedAt === null) return 'rotate';
  switch (policy.reuse) {
    case 'strict':
      return 'refuse';
    case 'grace':
      return headUsable && policy.now - presented.rotatedAt < policy.graceMs ? 'follow' : 'refuse';
    case 'revoke-family':
      return 'revoke';
  }
}
