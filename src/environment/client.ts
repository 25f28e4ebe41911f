import type { InstanceFacts } from '../control/types.ts';
import type { Owner } from '../system/files.ts';
import { ensureClientFiles, PRELOAD } from './client-files.ts';
import { type ClientVariables, clientVariables, withVariables } from './client-variables.ts';

export interface Client {
  readonly variables: ClientVariables;
  /** The caller's environment with the variables set in it: that of a child process. */
  readonly env: Record<string, string>;
}

/** Makes what a client of a ready environment needs. @throws JwtDevError ERR_FILE_READ, ERR_FILE_WRITE */
export async function prepareClient(
  facts: InstanceFacts,
  world: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly stateDir: string;
    readonly owner: Owner | null;
  },
): Promise<Client> {
  const files = await ensureClientFiles({ ...world, facts, preload: PRELOAD });
  const variables = clientVariables(facts, world.env, files);
  return { variables, env: withVariables(world.env, variables) };
}
