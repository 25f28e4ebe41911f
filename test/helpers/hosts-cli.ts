import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import '../e2e/global-setup.ts';

/** The program as users start it: packed, installed, and started by its launcher. */
export const SCRIPT = inject('installedBin');

export interface CliResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A directory with a hosts file, a home for jwt-dev, and project configurations. */
export interface HostsPlayground {
  readonly root: string;
  readonly file: string;
  readonly home: string;
  /** Writes a configuration for `name` and its api, and answers its path. */
  readonly addConfig: (project: string, name: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export async function makePlayground(text: string): Promise<HostsPlayground> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-hosts-e2e-')));
  const file = path.join(root, 'etc', 'hosts.local');
  await mkdir(path.dirname(file));
  await writeFile(file, text, 'latin1');
  return {
    root,
    file,
    home: path.join(root, 'home'),
    addConfig: async (project, name) => {
      const config = path.join(root, project, `${name}.json`);
      await mkdir(path.dirname(config), { recursive: true });
      await writeFile(
        config,
        JSON.stringify({
          frontend: { host: `${name}.example.com` },
          api: { host: `api.${name}.example.com` },
        }),
      );
      return config;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Starts the real program. Nothing of the tests' own environment decides what it does. */
export function startCli(
  home: string,
  args: readonly string[],
  env: Record<string, string> = {},
): ChildProcess {
  return spawn(process.execPath, [SCRIPT, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: home, JWT_DEV_HOME: home, CI: 'true', ...env },
  });
}

export async function finish(child: ChildProcess): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { exitCode, signal, stdout, stderr };
}

export const runCli = (home: string, ...args: readonly string[]): Promise<CliResult> =>
  finish(startCli(home, args));
