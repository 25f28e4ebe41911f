import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ifVisible, readListeners, socketInodes } from './proc.ts';
import type { Run } from './run.ts';

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

export interface PortHolderDeps {
  readonly platform: NodeJS.Platform;
  readonly run: Run;
  /** `/proc`; tests give a directory of their own. */
  readonly procRoot: string;
}

/**
 * Who listens on a TCP port, or undefined where this user may not see it (another user's process) or nobody does.
 * Linux reads proc(5); macOS asks `lsof`, Windows `netstat` and `tasklist`.
 */
export async function findPortHolder(port: number, deps: PortHolderDeps): Promise<PortHolder | undefined> {
  if (deps.platform === 'linux') return findOnLinux(port, deps.procRoot);
  if (deps.platform === 'darwin') return findOnMacos(port, deps.run);
  if (deps.platform === 'win32') return findOnWindows(port, deps.run);
  return undefined;
}

async function findOnLinux(port: number, procRoot: string): Promise<PortHolder | undefined> {
  const listeners = await readListeners(procRoot);
  const inodes = new Set(listeners.filter((one) => one.port === port).map(({ inode }) => inode));
  if (inodes.size === 0) return undefined;
  for (const name of await readdir(procRoot)) {
    if (!/^\d+$/.test(name)) continue;
    for await (const inode of socketInodes(name, procRoot)) {
      if (inodes.has(inode)) return { pid: Number(name), command: await commandOf(name, procRoot) };
    }
  }
  return undefined;
}

async function commandOf(pid: string, procRoot: string): Promise<string> {
  const commandLine = await ifVisible(readFile(path.join(procRoot, pid, 'cmdline'), 'utf8'));
  return commandLine?.replaceAll('\0', ' ').trim() || 'unknown command';
}

async function findOnMacos(port: number, run: Run): Promise<PortHolder | undefined> {
  const listed = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { timeoutMs: 5000 });
  const pid = /^p(\d+)$/m.exec(listed.stdout)?.[1];
  if (pid === undefined) return undefined;
  return { pid: Number(pid), command: /^c(.+)$/m.exec(listed.stdout)?.[1] ?? 'unknown command' };
}

async function findOnWindows(port: number, run: Run): Promise<PortHolder | undefined> {
  const listed = await run('netstat', ['-ano', '-p', 'TCP'], { timeoutMs: 5000 });
  // The word for LISTENING is translated; a listener is the line whose foreign port is 0.
  const pid = new RegExp(`^\\s*TCP\\s+\\S+:${port}\\s+\\S+:0\\s+\\S+\\s+(\\d+)\\s*$`, 'm').exec(
    listed.stdout,
  )?.[1];
  if (pid === undefined) return undefined;
  const tasks = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], { timeoutMs: 5000 });
  return { pid: Number(pid), command: /^"([^"]+)"/m.exec(tasks.stdout)?.[1] ?? 'unknown command' };
}
