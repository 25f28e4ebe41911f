import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrustStore } from '../../src/certs/trust/types.ts';
import type { CleanItem, CleanWorld } from '../../src/clean/types.ts';
import { JwtDevError } from '../../src/errors.ts';
import { realFileSystem } from '../../src/hosts/file-system.ts';
import { recordingRun } from './certs-fake-stores.ts';

export const HOSTS = '127.0.0.1\tlocalhost # keep me\n';
const BLOCK = [
  '# >>> jwt-dev shop-0123456789 >>>',
  '# Written by jwt-dev. To take it out: jwt-dev hosts --remove',
  '127.0.0.1 example.com',
  '# <<< jwt-dev shop-0123456789 <<<',
  '',
].join('\n');
export const HOSTS_WITH_BLOCK = `${HOSTS}${BLOCK}`;

export const PROJECT = 'shop-0123456789';

/** A machine below `dir` with a hosts file, and whatever stores a test puts there. */
export function cleanWorld(dir: string, stores: readonly TrustStore[] = []): CleanWorld {
  const paths = { dataDir: path.join(dir, 'own/data'), stateDir: path.join(dir, 'own/state') };
  const run = recordingRun((command) => {
    for (const store of stores) if ('obey' in store) (store as { obey(text: string): void }).obey(command);
    return {};
  }).run;
  return {
    paths,
    homeDir: path.join(dir, 'home'),
    hosts: [
      {
        file: path.join(dir, 'hosts'),
        world: {
          platform: 'linux',
          fs: realFileSystem,
          run,
          now: () => new Date('2026-01-02T03:04:05.678Z'),
          pid: process.pid,
          isRoot: false,
          stateDir: paths.stateDir,
          owner: null,
        },
        elevate: () =>
          Promise.reject(
            new JwtDevError('ERR_PRIVILEGE_REQUIRED', 'Changing it needs root', {
              facts: { command: 'sudo jwt-dev hosts --remove --all' },
            }),
          ),
      },
    ],
    stores,
    steps: { run, platform: 'linux', privilege: 'none' },
    graceMs: 100,
  };
}

/** What a project, its CA and its hosts file leave behind. */
export async function fill({ paths, homeDir }: CleanWorld, dir: string): Promise<void> {
  const files = [
    path.join(paths.dataDir, 'authorities/example.com/root.pem'),
    path.join(paths.dataDir, 'authorities/example.com/intermediate-key.pem'),
    path.join(paths.stateDir, 'projects', PROJECT, 'auth.sqlite'),
    path.join(paths.stateDir, 'projects', PROJECT, 'certs/leaf-key.pem'),
    path.join(paths.stateDir, 'backups/hosts/hosts-ff7bad58ff-000001-20260102T030405Z.bak'),
    path.join(homeDir, 'snap/chromium/common/jwt-dev', PROJECT, 'profile'),
  ];
  for (const file of files) {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, 'content');
  }
  await writeFile(path.join(dir, 'hosts'), HOSTS_WITH_BLOCK);
}

/** One line for each item; their order is part of what is promised. */
export function outcomes(items: readonly CleanItem[]): readonly string[] {
  return items.map(({ kind, status, location }) => `${kind} ${path.basename(location)}: ${status}`);
}
