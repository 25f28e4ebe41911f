import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A file of src as the product ships it, with what it imports and nothing else, in `outDir`; the paths below it are those
 * below `rootDir`. `work` is a directory for the compiler's settings.
 */
export async function compile(
  file: string,
  { rootDir, outDir, work }: { readonly rootDir: string; readonly outDir: string; readonly work: string },
): Promise<void> {
  const project = path.join(work, 'tsconfig.json');
  await writeFile(
    project,
    JSON.stringify({
      extends: path.join(ROOT, 'tsconfig.build.json'),
      compilerOptions: {
        outDir,
        rootDir: path.join(ROOT, rootDir),
        declaration: false,
        typeRoots: [path.join(ROOT, 'node_modules', '@types')],
      },
      include: [],
      files: [path.join(ROOT, file)],
    }),
  );
  const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  execFileSync(process.execPath, [path.join(typescript, 'bin', 'tsc'), '-p', project], { stdio: 'pipe' });
}
