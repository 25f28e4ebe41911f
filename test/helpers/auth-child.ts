import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AuthConfig } from '../../src/config/types.ts';
import { SECRET } from './auth-api.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The compiled program in a directory of its own, below node_modules so that it finds its packages. */
export async function buildForChildren(): Promise<{
  readonly dist: string;
  readonly remove: () => Promise<void>;
}> {
  const cache = path.join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const dist = await mkdtemp(path.join(cache, 'jwt-dev-test-'));
  const tsc = path.join(
    path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin',
    'tsc',
  );
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', dist], {
    cwd: ROOT,
    stdio: 'pipe',
  });
  return { dist, remove: () => rm(dist, { recursive: true, force: true }) };
}

export interface AuthChild {
  readonly base: string;
  /** kill -9, and gone when the promise is fulfilled. */
  readonly kill: () => Promise<void>;
}

/** The auth API in a process of its own. */
export async function startAuthChild(dist: string, config: AuthConfig): Promise<AuthChild> {
  const script = path.join(ROOT, 'test', 'fixtures', 'auth-child.mjs');
  const child: ChildProcess = spawn(process.execPath, [script, dist, JSON.stringify(config)], {
    env: { ...process.env, TEST_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    if (child.stdout !== null) createInterface(child.stdout).once('line', resolve);
    void exited.then(() => reject(new Error('the child ended before it listened')));
  });
  return {
    base: `http://127.0.0.1:${port}`,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
