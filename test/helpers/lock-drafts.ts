import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';

/** As long as an unknown holder of a lock is waited for, and a second. */
const AGE_MS = 31_000;

/**
 * Makes the drafts of locks below a directory old: whose one is that was killed before it could write its name there
 * shows only by its age.
 */
export async function ageLockDrafts(dir: string): Promise<void> {
  const before = new Date(Date.now() - AGE_MS);
  for (const name of await readdir(dir, { recursive: true })) {
    if (name.endsWith('.draft')) await utimes(path.join(dir, name), before, before);
  }
}
