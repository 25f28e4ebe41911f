import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errors.ts';
import { lstatIfPresent } from './owned-files.ts';

/** `mkdir` of a whole path makes its directories within microseconds; people need longer. */
const SAME_MOMENT_MS = 1_000;

/**
 * The directories above `dir` that were made together with it (~/.local/state in a new home, JWT_DEV_HOME itself), the
 * nearest first. They are told by what `makePrivateDir` gives them: the same owner, mode 0700 and the same moment of birth.
 * @param stop never taken, nor what is above it.
 */
export async function findMadeParents(dir: string, stop: string): Promise<readonly string[]> {
  const made: string[] = [];
  let child = await lstatIfPresent(dir);
  for (let current = path.dirname(dir); child !== undefined; current = path.dirname(current)) {
    const facts = await lstatIfPresent(current);
    const isOfHome =
      current === stop || stop.startsWith(`${current}${path.sep}`) || current === path.dirname(current);
    if (facts === undefined || isOfHome || !facts.isDirectory()) break;
    const together = Math.abs(facts.birthtimeMs - child.birthtimeMs) < SAME_MOMENT_MS;
    if (!together || (facts.mode & 0o7777) !== 0o700 || facts.uid !== child.uid) break;
    made.push(current);
    child = facts;
  }
  return made;
}

/** Removes directories that are empty; the others stay. */
export async function removeEmpty(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) {
    try {
      await rmdir(dir);
    } catch (error) {
      const errno = errnoOf(error);
      // EEXIST is what some systems say for "not empty" (POSIX allows both); EPERM: Windows' word for a link.
      const stays = ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EBUSY', 'EROFS'];
      if (errno === undefined || !stays.includes(errno)) throw error;
    }
  }
}
