import { errnoOf } from '../../errors.ts';
import type { DoctorWorld } from '../types.ts';
import { readProject } from './project.ts';

/** A host name as programs resolve it (getaddrinfo). */
export interface ResolvedName {
  readonly hostname: string;
  readonly addresses: readonly string[];
  /** The resolver's code where there are none: ENOTFOUND, EAI_AGAIN. */
  readonly error: string | null;
}

export async function readNames(world: DoctorWorld): Promise<readonly ResolvedName[]> {
  const { hostnames } = await readProject(world);
  return Promise.all(
    hostnames.map(async (hostname): Promise<ResolvedName> => {
      try {
        return { hostname, addresses: [...new Set(await world.lookUp(hostname))], error: null };
      } catch (error) {
        const code = errnoOf(error);
        if (code === undefined) throw error;
        return { hostname, addresses: [], error: code };
      }
    }),
  );
}
