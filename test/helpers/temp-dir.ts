import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A new directory that is gone when the test has finished. */
export async function tempDir(): Promise<string> {
  const dir = await realpath(await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-test-')));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
