import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../errors.ts';

/** Longer than any run takes. */
const OLD_MS = 60 * 60 * 1000;

/** A directory of one run alone: a jar of curl, a profile beside the kept one, a class that is being compiled. */
const OF_ONE_RUN = /^(?:curl|chromium|firefox|java-[\da-f]{12})-[A-Za-z\d]{6}$/;

/** Takes away what runs left that were killed. */
export async function sweepLeftovers(keptDir: string, now: Date): Promise<void> {
  for (const name of (await readdir(keptDir)).filter((each) => OF_ONE_RUN.test(each))) {
    const dir = path.join(keptDir, name);
    try {
      if (now.getTime() - (await stat(dir)).mtimeMs > OLD_MS) await rm(dir, { recursive: true, force: true });
    } catch (error) {
      // Another run was about to, too.
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}
