import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compile, ROOT } from './compile.ts';

/** The guard as the product ships it, compiled with what it imports and nothing else; below node_modules for its packages. */
export async function buildGuard(): Promise<{
  readonly program: readonly string[];
  readonly remove: () => Promise<void>;
}> {
  const cache = path.join(ROOT, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const dir = await mkdtemp(path.join(cache, 'jwt-dev-guard-'));
  const script = path.join(dir, 'bin', 'jwt-dev-guard.js');
  await mkdir(path.dirname(script));
  await copyFile(path.join(ROOT, 'bin', 'jwt-dev-guard.js'), script);
  await writeFile(path.join(dir, 'package.json'), '{ "type": "module" }');
  await compile('src/supervisor/guard.ts', { rootDir: 'src', outDir: path.join(dir, 'dist'), work: dir });
  return { program: [process.execPath, script], remove: () => rm(dir, { recursive: true, force: true }) };
}
