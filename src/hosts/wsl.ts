import type { Run } from '../system/run.ts';

/** The Windows machine around a Linux under WSL: its browsers read its own hosts file, not ours. */
export interface WslHost {
  /** As `wsl.exe -d` names it. */
  readonly distribution: string;
  /** The Windows hosts file, as Linux sees it: /mnt/c/Windows/System32/drivers/etc/hosts */
  readonly hostsFile: string;
}

export interface WslWorld {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
}

/**
 * Finds the Windows hosts file from inside WSL; null where this is no WSL, or where Windows programs cannot be
 * started from it (`[interop] enabled=false` in /etc/wsl.conf) and nothing can be known.
 * WSL sets WSL_DISTRO_NAME in every session (learn.microsoft.com/windows/wsl/interop).
 */
export async function findWslHost({ platform, env, run }: WslWorld): Promise<WslHost | null> {
  const distribution = env['WSL_DISTRO_NAME'];
  if (platform !== 'linux' || distribution === undefined || distribution === '') return null;
  // cmd.exe complains about a UNC working directory; it need not stand anywhere.
  const root = await run('cmd.exe', ['/d', '/c', 'echo %SystemRoot%'], { timeoutMs: 10_000 });
  const systemRoot = root.stdout.trim();
  if (root.exitCode !== 0 || !/^[A-Za-z]:\\/.test(systemRoot)) return null;
  const windowsPath = `${systemRoot}\\System32\\drivers\\etc\\hosts`;
  const mounted = await run('wslpath', ['-u', windowsPath], { timeoutMs: 10_000 });
  const hostsFile = mounted.stdout.trim();
  return mounted.exitCode === 0 && hostsFile.startsWith('/') ? { distribution, hostsFile } : null;
}

/**
 * Whether WSL writes /etc/hosts anew at every start (its default), so that entries there do not last. It copies
 * the Windows entries, which is why they belong into the Windows file.
 * @param wslConf the text of /etc/wsl.conf, or null where there is none.
 */
export function regeneratesHosts(wslConf: string | null): boolean {
  let section = '';
  for (const line of (wslConf ?? '').split('\n')) {
    section = /^\s*\[(\w+)\]/.exec(line)?.[1]?.toLowerCase() ?? section;
    const value = /^\s*generateHosts\s*=\s*(\w+)/i.exec(line)?.[1];
    if (section === 'network' && value !== undefined) return value.toLowerCase() !== 'false';
  }
  return true;
}
