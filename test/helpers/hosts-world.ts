import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { realFileSystem } from '../../src/hosts/file-system.ts';
import type { HostsRequest } from '../../src/hosts/request.ts';
import type { HostsWorld } from '../../src/hosts/world.ts';
import type { Run, RunResult } from '../../src/system/run.ts';
import { WANTED } from './hosts-files.ts';

export const ORIGINAL = '127.0.0.1\tlocalhost # keep me\n::1 localhost\n\n10.0.0.5 db.internal db\n';

/** A hosts file and a state directory of its own. */
export interface HostsSandbox {
  readonly dir: string;
  readonly file: string;
  readonly stateDir: string;
  readonly remove: () => Promise<void>;
}

export async function makeSandbox(text: string = ORIGINAL, base = os.tmpdir()): Promise<HostsSandbox> {
  const root = await mkdtemp(path.join(base, 'jwt-dev-hosts-'));
  const dir = path.join(root, 'etc');
  const file = path.join(dir, 'hosts');
  await realFileSystem.mkdir(dir);
  await writeFile(file, text, 'latin1');
  return {
    dir,
    file,
    stateDir: path.join(root, 'state'),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

export const DONE: RunResult = { exitCode: 0, stdout: '', stderr: '', errno: undefined, timedOut: false };

/** A runner that starts nothing and remembers what it was asked for. */
export function recordingRun(answer: (file: string, args: readonly string[]) => RunResult = () => DONE): {
  readonly run: Run;
  readonly calls: string[][];
} {
  const calls: string[][] = [];
  return {
    calls,
    run: async (file, args) => {
      calls.push([file, ...args]);
      return answer(file, args);
    },
  };
}

export function makeWorld(sandbox: HostsSandbox, overrides: Partial<HostsWorld> = {}): HostsWorld {
  return {
    platform: 'linux',
    fs: realFileSystem,
    run: recordingRun().run,
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    pid: process.pid,
    isRoot: true,
    stateDir: sandbox.stateDir,
    owner: null,
    ...overrides,
  };
}

export function makeRequest(sandbox: HostsSandbox, overrides: Partial<HostsRequest> = {}): HostsRequest {
  return { file: sandbox.file, id: 'default', entries: WANTED, force: false, ...overrides };
}

/** Everything beside the hosts file itself that a run left in its directory. */
export async function leftovers(sandbox: HostsSandbox): Promise<readonly string[]> {
  return (await readdir(sandbox.dir)).filter((name) => name !== 'hosts');
}

/** Where thousands of runs with an fsync each are quick: memory, if the system offers it, else the disk. */
export function quickDirectory(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
}
