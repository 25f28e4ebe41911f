import type { Run } from '../system/run.ts';

/** Something between a program and the hosts file that remembers old answers. */
export interface NameCache {
  readonly name: string;
  /** The command that makes it forget: program and arguments. */
  readonly command: readonly [string, ...string[]];
}

export interface CacheFlush extends NameCache {
  /** false: it may answer the old way until the command is run (as root). */
  readonly flushed: boolean;
}

export interface CacheWorld {
  readonly platform: NodeJS.Platform;
  readonly run: Run;
  readonly exists: (file: string) => Promise<boolean>;
}

/** The caches of this machine that stand before its hosts file. */
export async function findNameCaches({
  platform,
  exists,
}: Omit<CacheWorld, 'run'>): Promise<readonly NameCache[]> {
  if (platform === 'darwin') {
    return [
      { name: 'Directory Service', command: ['dscacheutil', '-flushcache'] },
      { name: 'mDNSResponder', command: ['killall', '-HUP', 'mDNSResponder'] },
    ];
  }
  if (platform === 'win32') return [{ name: 'Windows DNS client', command: ['ipconfig', '/flushdns'] }];
  const caches: NameCache[] = [];
  // Both read the hosts file anew when it changes, but answers from a name server stay until they expire.
  if (await exists('/run/systemd/resolve')) {
    caches.push({ name: 'systemd-resolved', command: ['resolvectl', 'flush-caches'] });
  }
  if ((await exists('/run/nscd/socket')) || (await exists('/var/run/nscd/socket'))) {
    caches.push({ name: 'nscd', command: ['nscd', '-i', 'hosts'] });
  }
  return caches;
}

/** Flushes what it may. A flush that fails is no failure of the change: the result names the command. */
export async function flushNameCaches(world: CacheWorld): Promise<readonly CacheFlush[]> {
  const flushes: CacheFlush[] = [];
  for (const cache of await findNameCaches(world)) {
    const [program, ...args] = cache.command;
    const result = await world.run(program, args, { timeoutMs: 5000 });
    flushes.push({ ...cache, flushed: result.exitCode === 0 });
  }
  return flushes;
}
