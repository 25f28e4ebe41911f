import path from 'node:path';
import { errnoOf } from '../errors.ts';
import { defaultHostsFile } from '../system/paths.ts';
import type { HostsFileSystem } from './file-system.ts';

/** Whether a file is the one that this machine's resolver reads, also through a link. */
export async function isSystemHostsFile(
  file: string,
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  fs: Pick<HostsFileSystem, 'realpath'>,
): Promise<boolean> {
  const real = await fs.realpath(file);
  // Hostile costs more than all the rest of this command: it is only asked where the answer may be yes.
  if (path.basename(real) !== 'hosts') return false;
  return real === (await realOrSame(await systemHostsFile(platform, env), fs));
}

async function realOrSame(file: string, fs: Pick<HostsFileSystem, 'realpath'>): Promise<string> {
  try {
    return await fs.realpath(file);
  } catch (error) {
    // A container without a hosts file.
    if (errnoOf(error) === 'ENOENT') return file;
    throw error;
  }
}

/** Hostile knows the path for every platform, but only with Windows on C:. */
async function systemHostsFile(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (platform === 'win32') return defaultHostsFile(platform, env);
  const { default: hostile } = await import('hostile');
  return hostile.HOSTS;
}
