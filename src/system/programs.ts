import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The absolute path of a program on the PATH, or undefined. Nothing is run. */
export async function findProgram(name: string, { env }: { readonly env: Env }): Promise<string | undefined> {
  for (const dir of (env['PATH'] ?? '').split(path.delimiter)) {
    if (!path.isAbsolute(dir)) continue;
    const file = path.join(dir, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

/** Whether this user may run the file. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'EACCES' || errno === 'ENOTDIR') return false;
    throw error;
  }
}
