import { askHealth } from '../../control/client.ts';
import { listInstances, readInstance } from '../../control/instance.ts';
import type { Health, InstanceRecord } from '../../control/types.ts';
import type { DoctorWorld } from '../types.ts';

/** The environment that is asked about, and what others of the project left. */
export interface InstancesFacts {
  readonly name: string;
  /** null: it does not run. Its `facts` are null while it starts. */
  readonly running: InstanceRecord | null;
  /** undefined: it does not answer; null: it does not run or is still starting. */
  readonly health: Health | undefined | null;
  /** Records whose process is gone. */
  readonly stale: readonly InstanceRecord[];
}

export async function readInstances({ config, instance: name }: DoctorWorld): Promise<InstancesFacts> {
  const { stateDir } = config;
  const all = await Promise.all(
    (await listInstances(stateDir)).map((each) => readInstance({ stateDir, name: each })),
  );
  const found = await readInstance({ stateDir, name });
  const running = found.kind === 'running' ? found.record : null;
  return {
    name,
    running,
    health: running === null || running.facts === null ? null : await askHealth(running),
    stale: all.flatMap((each) => (each.kind === 'stale' ? [each.record] : [])),
  };
}
