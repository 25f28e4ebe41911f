import type { FoundRoot, RootIdentity, StoreFacts, TrustedRoot } from './types.ts';

/** What has to happen in one store. */
export type TrustPlan =
  | { readonly action: 'none'; readonly trusted: boolean }
  | { readonly action: 'change'; readonly remove: readonly FoundRoot[]; readonly install: boolean }
  | { readonly action: 'impossible'; readonly why: string; readonly hint: string | null };

/**
 * Decides what makes a store trust `root`. Earlier roots of the same site go: nothing signs with them any more.
 * A root that is there without effect is put in anew.
 */
export function planInstall(facts: StoreFacts, root: TrustedRoot): TrustPlan {
  if (facts.state === 'unusable') return { action: 'impossible', why: facts.why, hint: facts.hint };
  const trusted = isTrustedIn(facts, root);
  const remove = facts.ours.filter(
    (found) => found.site === root.site && !(isSame(found, root) && found.trusted),
  );
  return trusted && remove.length === 0
    ? { action: 'none', trusted: true }
    : { action: 'change', remove, install: !trusted };
}

/** Decides what takes our roots out of a store again. `site`: only that site's; null: all. */
export function planRemove(facts: StoreFacts, site: string | null): TrustPlan {
  if (facts.state === 'unusable') return { action: 'impossible', why: facts.why, hint: facts.hint };
  const remove = facts.ours.filter((found) => site === null || found.site === site);
  return remove.length === 0
    ? { action: 'none', trusted: false }
    : { action: 'change', remove, install: false };
}

export function isTrustedIn(facts: StoreFacts, root: RootIdentity): boolean {
  return facts.state === 'usable' && facts.ours.some((found) => found.trusted && isSame(found, root));
}

function isSame(found: FoundRoot, root: RootIdentity): boolean {
  return found.fingerprint256 === root.fingerprint256;
}
