import path from 'node:path';
import { compile } from './compile.ts';

/** The adapter for Next.js as the product ships it; answers its path below `dir`. */
export async function buildNextAdapter(dir: string): Promise<string> {
  await compile('src/supervisor/next-adapter.cts', { rootDir: 'src/supervisor', outDir: dir, work: dir });
  return path.join(dir, 'next-adapter.cjs');
}
