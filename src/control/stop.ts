import { setTimeout as sleep } from 'node:timers/promises';
import { processState, signalProcess } from '../system/process-identity.ts';
import { askControl } from './client.ts';
import { type InstancePlace, readInstance, removeRecord } from './instance.ts';
import type { InstanceRecord } from './types.ts';

export type StopOutcome =
  | 'not-running'
  /** It was gone already; what it had left was taken away. */
  | 'was-stale'
  | 'stopped'
  /** It did not end in time, so it was ended. */
  | 'killed'
  /** It does not end, or may not be ended by this user. */
  | 'still-running';

const POLL_MS = 50;
/** After the second SIGTERM, which ends it without waiting for requests, and after SIGKILL. */
const LAST_STEPS_MS = 2_000;

/**
 * Ends the environment at a place: asked first, then told, then killed.
 * @param graceMs how long requests in flight may take.
 * @throws EPERM where it belongs to another user.
 */
export async function stopInstance(place: InstancePlace, graceMs: number): Promise<StopOutcome> {
  const instance = await readInstance(place);
  if (instance.kind === 'none') return 'not-running';
  const { record } = instance;
  if (instance.kind === 'stale') {
    await removeRecord(place, record.secret);
    return 'was-stale';
  }
  const asked = await askControl(record, { method: 'POST', path: '/stop', timeoutMs: LAST_STEPS_MS });
  if (asked?.status !== 202) await tell(record, 'SIGTERM');
  if (await ends(record, graceMs)) return settle(place, record, 'stopped');
  await tell(record, 'SIGTERM');
  if (await ends(record, LAST_STEPS_MS)) return settle(place, record, 'killed');
  await tell(record, 'SIGKILL');
  return (await ends(record, LAST_STEPS_MS)) ? settle(place, record, 'killed') : 'still-running';
}

async function settle(
  place: InstancePlace,
  record: InstanceRecord,
  outcome: StopOutcome,
): Promise<StopOutcome> {
  await removeRecord(place, record.secret);
  return outcome;
}

function tell({ process, startedAt }: InstanceRecord, signal: NodeJS.Signals): Promise<boolean> {
  return signalProcess(process, startedAt, signal);
}

async function ends({ process, startedAt }: InstanceRecord, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if ((await processState(process, startedAt)) === 'gone') return true;
    if (performance.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
}
