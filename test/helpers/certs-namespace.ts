import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Run, runCommand } from '../../src/system/run.ts';

/** A copy of the machine's trust stores that only commands inside see as /etc/ssl and so on. */
export interface TrustNamespace {
  /** The namespace itself, for nsenter(1). */
  readonly file: string;
  /** The file system as commands inside see it. */
  readonly root: string;
  /** Runs a command inside. */
  readonly run: Run;
  /** The copies, from the outside. */
  readonly copies: string;
  close(): void;
}

const STORES = ['/etc/ssl', '/usr/local/share/ca-certificates'] as const;

/**
 * Opens a mount namespace in which the system's trust stores are copies in `dir`: real tools change them, and the
 * machine's own are never touched.
 */
export async function openTrustNamespace(dir: string): Promise<TrustNamespace> {
  const mounts = STORES.map((store) => {
    const copy = path.join(dir, store);
    mkdirSync(path.dirname(copy), { recursive: true });
    execFileSync('cp', ['-a', store, copy]);
    return `mount --bind '${copy}' '${store}'`;
  });
  const script = ['mount --make-rprivate /', ...mounts, 'echo ready', 'exec cat'].join(' && ');
  const holder = spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await ready(holder);
  const namespace = `/proc/${holder.pid}/ns/mnt`;
  return {
    file: namespace,
    root: `/proc/${holder.pid}/root`,
    copies: dir,
    run: (file, args, options) =>
      runCommand('nsenter', [`--mount=${namespace}`, '--', file, ...args], options),
    // The end of its input ends `cat`, and with it the namespace.
    close: () => holder.stdin?.end(),
  };
}

async function ready(holder: ChildProcess): Promise<void> {
  if (holder.stdout === null) throw new Error('no output of the namespace');
  const [first] = await Promise.race([
    once(holder.stdout, 'data'),
    once(holder, 'exit').then(([code]) => [`unshare ended with ${code}`]),
  ]);
  if (String(first).trim() !== 'ready') throw new Error(`The namespace did not open: ${String(first)}`);
}
