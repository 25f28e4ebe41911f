import path from 'node:path';
import { JwtDevError } from '../errors.ts';
import { makePrivateDir, type Owner } from '../system/files.ts';
import { acquireLock, type LockOptions, sweepLock } from '../system/lock.ts';

/** Making a CA and a leaf takes a third of a second; a machine under load gets a hundred times as much. */
const LOCK_TIMEOUT_MS = 30_000;

/**
 * Does `work` while no other process writes the same certificates.
 *
 * @throws JwtDevError ERR_CERTS_LOCKED where another process does not let go within 30 s
 */
export async function withCertificateLock<T>(
  file: string,
  { pid, owner }: { readonly pid: number; readonly owner: Owner | null },
  work: () => Promise<T>,
): Promise<T> {
  await makePrivateDir(path.dirname(file), owner);
  const lock = await acquireLock(file, lockOptions(file, pid));
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Takes away what a process that was killed between its last certificate and its release left of the lock. */
export async function sweepCertificateLock(file: string, { pid }: { readonly pid: number }): Promise<void> {
  await sweepLock(file, lockOptions(file, pid));
}

function lockOptions(file: string, pid: number): LockOptions {
  return {
    pid,
    timeoutMs: LOCK_TIMEOUT_MS,
    busy: (holder) =>
      new JwtDevError(
        'ERR_CERTS_LOCKED',
        `Another jwt-dev${holder === null ? '' : ` (process ${holder.pid})`} has been writing certificates for ${LOCK_TIMEOUT_MS / 1000} s.`,
        { hint: `If none runs, delete ${file} and run the command again.` },
      ),
  };
}
