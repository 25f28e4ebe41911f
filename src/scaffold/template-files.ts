import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PackageParts } from './package-json.ts';
import type { TemplateSource } from './templates.ts';

const TEMPLATES_DIR = fileURLToPath(new URL('../../templates', import.meta.url));

export interface TemplateFile {
  /** Where it goes: relative to the project, with slashes. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/** Reads folders and files of templates/. Of two that go to one place the later one counts. */
export async function readTemplateFiles(
  sources: readonly TemplateSource[],
): Promise<readonly TemplateFile[]> {
  const files = new Map<string, TemplateFile>();
  for (const { from, to } of sources) {
    const root = path.join(TEMPLATES_DIR, from);
    for (const name of await filesBelow(root)) {
      const file = path.join(root, name);
      const place = path.posix.join(to, name.split(path.sep).join('/'));
      const { mode } = await stat(file);
      files.set(place, { path: place, content: await readFile(file), executable: (mode & 0o100) !== 0 });
    }
  }
  return [...files.values()];
}

export async function readPackageParts(name: string): Promise<PackageParts> {
  return JSON.parse(await readFile(path.join(TEMPLATES_DIR, name), 'utf8')) as PackageParts;
}

/** Relative names in a fixed order; of a single file the empty name. */
async function filesBelow(root: string): Promise<readonly string[]> {
  if (!(await stat(root)).isDirectory()) return [''];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}
