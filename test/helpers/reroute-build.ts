import path from 'node:path';
import { compile } from './compile.ts';

/** The preload for Node clients as the product ships it; answers its path below `dir`. */
export async function buildReroute(dir: string): Promise<string> {
  await compile('src/environment/node-reroute.cts', { rootDir: 'src/environment', outDir: dir, work: dir });
  return path.join(dir, 'node-reroute.cjs');
}
