import type { Context } from '../context.ts';
import type { HostsRequest } from '../hosts/request.ts';
import { isSystemHostsFile } from '../hosts/system-file.ts';
import type { HostsWorld } from '../hosts/world.ts';
import { findWslHost } from '../hosts/wsl.ts';
import type { Elevation } from '../system/elevate.ts';
import { defaultElevation } from './hosts-world.ts';

/** One file to change, and how to get the rights for it. */
export interface HostsTarget {
  readonly request: HostsRequest;
  readonly world: HostsWorld;
  readonly elevation: Elevation;
}

/** The configured file; under WSL, where that is the system's own, also the one of Windows around it. */
export async function hostsTargets(
  request: HostsRequest,
  context: Context,
  world: HostsWorld,
  isSystemFile: typeof isSystemHostsFile = isSystemHostsFile,
): Promise<readonly HostsTarget[]> {
  const own: HostsTarget = { request, world, elevation: defaultElevation(context) };
  if ((context.env['WSL_DISTRO_NAME'] ?? '') === '') return [own];
  if (!(await isSystemFile(request.file, context.platform, context.env, world.fs))) return [own];
  const windows = await findWslHost({ platform: context.platform, env: context.env, run: context.run });
  if (windows === null) return [own];
  return [
    own,
    {
      request: { ...request, file: windows.hostsFile },
      // Linux' root has no more rights over Windows' files than the Windows user who started WSL.
      world: { ...world, isRoot: false },
      elevation: { way: 'wsl', distribution: windows.distribution },
    },
  ];
}
