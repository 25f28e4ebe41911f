import { JwtDevError, messageOf } from '../../errors.ts';
import { isTrustedIn, planInstall, planRemove, type TrustPlan } from './plan.ts';
import { reportOn, type StoreReport } from './report.ts';
import { formatSteps, runSteps, type StepWorld } from './steps.ts';
import type { Step, StoreFacts, TrustedRoot, TrustStore } from './types.ts';

type LookWorld = Pick<StepWorld, 'platform' | 'privilege'>;

/** Says which stores trust `root`, and what makes the others. Changes nothing. */
export function inspectStores(
  stores: readonly TrustStore[],
  root: TrustedRoot,
  world: LookWorld,
): Promise<readonly StoreReport[]> {
  return lookAtEach(stores, async (store) => {
    const facts = await store.facts();
    const plan = planInstall(facts, root);
    if (plan.action === 'impossible') return unusable(store, plan);
    if (isTrustedIn(facts, root)) return reportOn(store, 'trusted');
    return reportOn(store, 'not-trusted', {
      commands: formatSteps(store, stepsOf(store, plan, root), world),
    });
  });
}

/** Says which stores hold roots of ours (those of `site`, or all where it is null), and what takes them out. */
export function inspectRemoval(
  stores: readonly TrustStore[],
  site: string | null,
  world: LookWorld,
): Promise<readonly StoreReport[]> {
  return lookAtEach(stores, async (store) => {
    const plan = planRemove(await store.facts(), site);
    if (plan.action === 'impossible') return unusable(store, plan);
    if (plan.action === 'none') return reportOn(store, 'not-trusted');
    return reportOn(store, 'trusted', { commands: formatSteps(store, stepsOf(store, plan, null), world) });
  });
}

/** Makes every store trust `root`, one after the other, and reads each again. */
export function installTrust(
  stores: readonly TrustStore[],
  root: TrustedRoot,
  world: StepWorld,
): Promise<readonly StoreReport[]> {
  return changeEach(stores, async (store) => {
    const plan = planInstall(await store.facts(), root);
    if (plan.action === 'impossible') return unusable(store, plan);
    if (plan.action === 'none') return reportOn(store, 'trusted');
    const steps = stepsOf(store, plan, root);
    if (store.privileged && world.privilege === 'none') return needsRoot(store, steps, world);
    await store.prepare?.();
    const failure = await runSteps(store, steps, world);
    const after = await store.facts();
    if (isTrustedIn(after, root)) return reportOn(store, 'trusted', { changed: true });
    await undoInstall(store, after, root, world);
    const why = failure ?? 'it was written, but the store does not trust it';
    return reportOn(store, 'failed', { why, commands: formatSteps(store, steps, world) });
  });
}

/** Takes our roots out of every store: those of `site`, or all where it is null. */
export function removeTrust(
  stores: readonly TrustStore[],
  site: string | null,
  world: StepWorld,
): Promise<readonly StoreReport[]> {
  return changeEach(stores, async (store) => {
    const plan = planRemove(await store.facts(), site);
    if (plan.action === 'impossible') return unusable(store, plan);
    if (plan.action === 'none') {
      await store.tidy?.();
      return reportOn(store, 'not-trusted');
    }
    const steps = stepsOf(store, plan, null);
    if (store.privileged && world.privilege === 'none') return needsRoot(store, steps, world);
    const failure = await runSteps(store, steps, world);
    const left = planRemove(await store.facts(), site);
    if (left.action !== 'none') {
      const why = failure ?? 'it is still there';
      return reportOn(store, 'failed', { why, commands: formatSteps(store, steps, world) });
    }
    await store.tidy?.();
    return reportOn(store, 'removed', { changed: true });
  });
}

/** A half-done installation (NSS keeps the certificate and refuses the trust flag) leaves nothing behind. */
async function undoInstall(
  store: TrustStore,
  facts: StoreFacts,
  root: TrustedRoot,
  world: StepWorld,
): Promise<void> {
  const plan = planRemove(facts, root.site);
  if (plan.action === 'change') await runSteps(store, stepsOf(store, plan, null), world);
  await store.tidy?.();
}

function stepsOf(store: TrustStore, plan: TrustPlan, root: TrustedRoot | null): readonly Step[] {
  if (plan.action !== 'change') return [];
  return [
    ...plan.remove.flatMap((found) => store.removeSteps(found)),
    ...(plan.install && root !== null ? store.installSteps(root) : []),
  ];
}

function needsRoot(store: TrustStore, steps: readonly Step[], world: LookWorld): StoreReport {
  const why = 'only root may change it';
  return reportOn(store, 'needs-root', { why, commands: formatSteps(store, steps, world) });
}

function unusable(store: TrustStore, { why, hint }: { why: string; hint: string | null }): StoreReport {
  return reportOn(store, 'unusable', { why: hint === null ? why : `${why}. ${hint}` });
}

function lookAtEach(
  stores: readonly TrustStore[],
  look: (store: TrustStore) => Promise<StoreReport>,
): Promise<readonly StoreReport[]> {
  return Promise.all(stores.map((store) => guarded(store, look)));
}

async function changeEach(
  stores: readonly TrustStore[],
  change: (store: TrustStore) => Promise<StoreReport>,
): Promise<readonly StoreReport[]> {
  const reports: StoreReport[] = [];
  for (const store of stores) reports.push(await guarded(store, change));
  return reports;
}

/** Whatever one store throws, the others are still worked through; the user sees it in this store's row. */
async function guarded(
  store: TrustStore,
  work: (store: TrustStore) => Promise<StoreReport>,
): Promise<StoreReport> {
  try {
    return await work(store);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const hint = error instanceof JwtDevError && error.hint !== undefined ? ` ${error.hint}` : '';
    return reportOn(store, 'failed', { why: `${messageOf(error)}${hint}` });
  }
}
