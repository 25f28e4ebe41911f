import { readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../../errors.ts';
import { endProcess } from '../client-process.ts';
import type { VerifyWorld } from '../types.ts';

/**
 * Ends the Firefox that still runs on a profile of ours: its verify was killed, and another one could not start on it.
 * (A Chromium ends with the pipe that it is told by.) Firefox names its process in the link `lock`:
 * `127.0.1.1:+12345`; on Linux alone the process can be asked whether it is that one.
 */
export async function endOrphan(profileDir: string, world: VerifyWorld): Promise<void> {
  if (world.platform !== 'linux') return;
  const pid = /\+(\d+)$/.exec(await ifThere(readlink(path.join(profileDir, 'lock'))))?.[1];
  if (pid === undefined) return;
  const command = await ifThere(readFile(`/proc/${pid}/cmdline`, 'utf8'));
  if (command.split('\0').includes(profileDir)) await endProcess({ pid: Number(pid) }, world);
}

async function ifThere(read: Promise<string>): Promise<string> {
  try {
    return await read;
  } catch (error) {
    // ESRCH: it ended in between. EACCES: it is another user's, and not ours to end.
    if (!['ENOENT', 'ESRCH', 'EACCES', 'EINVAL'].includes(errnoOf(error) ?? '')) throw error;
    return '';
  }
}
