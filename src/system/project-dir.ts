import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Paths } from './paths.ts';

/**
 * One project's state directory: readable by its name, told apart by its place
 * (two checkouts called "shop" do not share users or keys).
 */
export function projectStateDir(paths: Paths, projectDir: string): string {
  const name =
    path
      .basename(projectDir)
      .replaceAll(/[^A-Za-z0-9._-]/g, '_')
      .slice(0, 40) || 'root';
  const place = createHash('sha256').update(projectDir).digest('hex').slice(0, 10);
  return path.join(paths.stateDir, 'projects', `${name}-${place}`);
}
