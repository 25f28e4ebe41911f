import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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
  const project = path.join(dir, 'tsconfig.json');
  await writeFile(
    project,
    JSON.stringify({
      extends: path.join(ROOT, 'tsconfig.build.json'),
      compilerOptions: {
        outDir: path.join(dir, 'dist'),
        rootDir: path.join(ROOT, 'src'),
        declaration: false,
      },
      include: [],
      files: [path.join(ROOT, 'src', 'supervisor', 'guard.ts')],
    }),
  );
  const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  execFileSync(process.execPath, [path.join(typescript, 'bin', 'tsc'), '-p', project], { stdio: 'pipe' });
  return { program: [process.execPath, script], remove: () => rm(dir, { recursive: true, force: true }) };
}
