import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The preload for Node clients as the product ships it; answers its path below `dir`. */
export async function buildReroute(dir: string): Promise<string> {
  const project = path.join(dir, 'tsconfig.json');
  await writeFile(
    project,
    JSON.stringify({
      extends: path.join(ROOT, 'tsconfig.build.json'),
      compilerOptions: {
        outDir: dir,
        rootDir: path.join(ROOT, 'src', 'environment'),
        declaration: false,
        typeRoots: [path.join(ROOT, 'node_modules', '@types')],
      },
      include: [],
      files: [path.join(ROOT, 'src', 'environment', 'node-reroute.cts')],
    }),
  );
  const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  execFileSync(process.execPath, [path.join(typescript, 'bin', 'tsc'), '-p', project], { stdio: 'pipe' });
  return path.join(dir, 'node-reroute.cjs');
}
