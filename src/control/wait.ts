import { setTimeout as sleep } from 'node:timers/promises';
import { askHealth } from './client.ts';
import { type InstancePlace, readInstance } from './instance.ts';
import type { Instance, InstanceFacts } from './types.ts';

export type WaitOutcome =
  | { readonly kind: 'healthy'; readonly facts: InstanceFacts }
  /** `why`: what was missing at the end, as half a sentence. */
  | { readonly kind: 'timeout'; readonly why: string };

const POLL_MS = 100;

/**
 * Waits until the environment at a place answers in all its parts.
 * @param signal ends the waiting early: whoever started the environment knows that it has failed.
 */
export async function waitUntilHealthy(
  place: InstancePlace,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<WaitOutcome> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look(await readInstance(place));
    if (found.kind === 'healthy' || performance.now() >= deadline || signal?.aborted === true) return found;
    await sleep(POLL_MS);
  }
}

async function look(instance: Instance): Promise<WaitOutcome> {
  if (instance.kind === 'none') return { kind: 'timeout', why: 'nothing was started' };
  if (instance.kind === 'stale') return { kind: 'timeout', why: 'its process has ended' };
  const { record } = instance;
  if (record.facts === null) return { kind: 'timeout', why: 'it is still starting' };
  const health = await askHealth(record);
  if (health === undefined) return { kind: 'timeout', why: 'its process does not answer' };
  if (health.ok) return { kind: 'healthy', facts: record.facts };
  const failing = health.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name} (${detail})`);
  return { kind: 'timeout', why: failing.join(', ') };
}
