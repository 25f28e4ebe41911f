import { randomBytes } from 'node:crypto';
import { link, open, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { makeDir, type Owner, readFileIfPresent, syncDirectory, writeFileAtomic } from '../system/files.ts';
import type { PlannedFile } from './plan-files.ts';

/**
 * Writes what a plan says, in its order. A file that has appeared or changed since the plan was made stays as it is.
 *
 * package.json and the configuration come last: by them a project is known, so a run that was cut short is completed
 * by the next one.
 * @throws JwtDevError ERR_FILE_WRITE
 */
export async function applyFiles(
  projectDir: string,
  files: readonly PlannedFile[],
  owner: Owner | null,
): Promise<void> {
  for (const file of files) {
    const place = path.join(projectDir, file.path);
    if (file.action === 'create') await create(place, file, owner);
    if (file.action === 'extend' || file.action === 'replace') await change(place, file, owner);
  }
}

async function create(
  place: string,
  { content, executable }: PlannedFile,
  owner: Owner | null,
): Promise<void> {
  await makeDir(path.dirname(place), { mode: 0o777, owner });
  const temporary = `${place}.${randomBytes(6).toString('hex')}.tmp`;
  const mode = executable ? 0o755 : 0o644;
  try {
    try {
      await writeNew(temporary, content, mode, owner);
      // link(2) makes the whole file appear at once, and never in the place of another.
      await link(temporary, place);
    } catch (error) {
      // File systems without hard links (FAT, some network shares).
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errnoOf(error) ?? '')) throw error;
      await writeNew(place, content, mode, owner);
    } finally {
      await rm(temporary, { force: true });
    }
    await syncDirectory(path.dirname(place));
  } catch (error) {
    throw writeError(place, error);
  }
}

async function writeNew(file: string, content: Buffer, mode: number, owner: Owner | null): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(content);
    if (owner !== null) await handle.chown(owner.uid, owner.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function change(place: string, { content, before }: PlannedFile, owner: Owner | null): Promise<void> {
  // A link stays a link: what it leads to gets the new content.
  const file = await realpath(place);
  const now = await readFileIfPresent(file);
  if (now === undefined || before === null || !now.equals(before)) {
    throw new JwtDevError('ERR_FILE_WRITE', `${place} was changed by somebody else and was left as it is`, {
      hint: 'Run the command again.',
    });
  }
  const { mode } = await stat(file);
  await writeFileAtomic(file, content, { mode: mode & 0o777, owner });
}

function writeError(file: string, error: unknown): JwtDevError {
  const isThere = errnoOf(error) === 'EEXIST';
  const why = isThere ? 'somebody else has just made it' : messageOf(error);
  return new JwtDevError('ERR_FILE_WRITE', `Cannot write ${file}: ${why}`, {
    cause: error,
    hint: isThere
      ? 'Run the command again; that file will be kept.'
      : 'Check who owns that directory and how full the disk is. What was written stays; run the command again.',
  });
}
