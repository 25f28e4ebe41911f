import { tightenMode } from '../certs/store.ts';
import type { Config } from '../config/types.ts';
import { listInstances, readInstance, removeRecord } from '../control/instance.ts';
import type { Finding, Remedy } from './types.ts';

/** In the order in which they are done: a CA must be there before it can be trusted. */
const SAFE = ['modes', 'stale-records', 'certificates'] as const satisfies readonly Remedy[];
const ASKING = ['hosts', 'trust'] as const satisfies readonly Remedy[];

export interface FixPlan {
  /** Needs no privilege, touches only our own files, and takes nothing away that anybody uses. */
  readonly safe: readonly (typeof SAFE)[number][];
  /** Changes the machine: somebody has to agree. */
  readonly asking: readonly (typeof ASKING)[number][];
}

/** What can be done about findings, each thing once. Pure. */
export function planFixes(findings: readonly Finding[]): FixPlan {
  const wanted = new Set(findings.map(({ remedy }) => remedy));
  return {
    safe: SAFE.filter((remedy) => wanted.has(remedy)),
    asking: ASKING.filter((remedy) => wanted.has(remedy)),
  };
}

/** Takes away what killed environments of the project left; answers sentences about it. */
export async function removeStaleRecords({ stateDir }: Pick<Config, 'stateDir'>): Promise<readonly string[]> {
  const done: string[] = [];
  for (const name of await listInstances(stateDir)) {
    const found = await readInstance({ stateDir, name });
    if (found.kind !== 'stale') continue;
    await removeRecord({ stateDir, name }, found.record.secret);
    done.push(`Removed the record of "${name}", whose process ${found.record.process.pid} is gone`);
  }
  return done;
}

/** Takes away what others may do with our directories; answers sentences about it. */
export async function tightenDirectories(directories: readonly string[]): Promise<readonly string[]> {
  const done: string[] = [];
  for (const dir of directories) {
    if (await tightenMode(dir)) done.push(`Only you may enter ${dir} now`);
  }
  return done;
}
