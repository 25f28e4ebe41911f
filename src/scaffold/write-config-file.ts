import path from 'node:path';
import { JwtDevError } from '../errors.ts';
import { exists, makeDir, type Owner, readFileIfPresent, writeFileAtomic } from '../system/files.ts';

export type ConfigFileOutcome = 'written' | 'replaced' | 'unchanged' | 'would-write';

/**
 * Writes the file unless one with other content is there.
 * @throws JwtDevError ERR_CONFIG_EXISTS without `force`; ERR_FILE_READ, ERR_FILE_WRITE.
 */
export async function applyConfigFile(input: {
  readonly file: string;
  readonly text: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly owner: Owner | null;
}): Promise<ConfigFileOutcome> {
  const { file, text } = input;
  const before = await readFileIfPresent(file);
  if (before?.toString('utf8') === text) return 'unchanged';
  // A link that leads nowhere is somebody's too.
  if ((before !== undefined || (await exists(file))) && !input.force) {
    throw new JwtDevError('ERR_CONFIG_EXISTS', `${file} exists and was left as it is`, {
      hint: 'Edit it, or replace it with: jwt-dev init --force',
    });
  }
  if (input.dryRun) return 'would-write';
  await makeDir(path.dirname(file), { mode: 0o777, owner: input.owner });
  await writeFileAtomic(file, text, { mode: 0o644, owner: input.owner });
  return before === undefined ? 'written' : 'replaced';
}
