import path from 'node:path';
import { allHosts, type Config } from '../../config/types.ts';
import { quoteForShell } from '../../system/elevate.ts';
import type { DoctorWorld } from '../types.ts';

/** What is known without looking at the machine. */
export interface ProjectFacts {
  readonly config: Config;
  readonly hostnames: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly now: Date;
  /** As the user types this program. */
  readonly typed: string;
  /** ` --config FILE`, where the file would not be found from here. */
  readonly configFlag: string;
}

export async function readProject(world: DoctorWorld): Promise<ProjectFacts> {
  const { config, env, platform, isRoot, now, typed, cwd } = world;
  const found = config.file === null || isAtOrAbove(path.dirname(config.file), cwd);
  return {
    config,
    hostnames: allHosts(config).map(({ hostname }) => hostname),
    env,
    platform,
    isRoot,
    now: now(),
    typed,
    configFlag: found ? '' : ` --config ${quoteForShell(config.file ?? '')}`,
  };
}

/** A command of ours, as the user would type it here. */
export function command({ typed, configFlag }: ProjectFacts, args: string): string {
  return `${typed} ${args}${configFlag}`;
}

function isAtOrAbove(dir: string, cwd: string): boolean {
  const relative = path.relative(dir, cwd);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}
