import path from 'node:path';

/** Where jwt-dev keeps its own files. All of it may be deleted: the next run makes it anew. */
export interface Paths {
  /** What is the user's across projects: the local CA. XDG_DATA_HOME on Linux. */
  readonly dataDir: string;
  /** What a machine can lose: project state, leaves, stores, backups, locks. XDG_STATE_HOME on Linux. */
  readonly stateDir: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The directories for a platform. `JWT_DEV_HOME` moves both below one directory (CI, tests).
 * Sources: XDG Base Directory Specification 0.8 (relative values must be ignored),
 * Apple's File System Programming Guide, Windows' known folders.
 */
export function resolvePaths(platform: NodeJS.Platform, env: Env, homeDir: string, cwd: string): Paths {
  const at = platform === 'win32' ? path.win32 : path.posix;
  const own = env['JWT_DEV_HOME'];
  if (own !== undefined && own !== '') {
    return { dataDir: at.resolve(cwd, own, 'data'), stateDir: at.resolve(cwd, own, 'state') };
  }
  if (platform === 'darwin') {
    const base = at.join(homeDir, 'Library', 'Application Support', 'jwt-dev');
    return { dataDir: at.join(base, 'data'), stateDir: at.join(base, 'state') };
  }
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] ?? at.join(homeDir, 'AppData', 'Local');
    return { dataDir: at.join(local, 'jwt-dev', 'data'), stateDir: at.join(local, 'jwt-dev', 'state') };
  }
  const xdg = (name: string, fallback: readonly string[]): string => {
    const value = env[name];
    return value !== undefined && at.isAbsolute(value) ? value : at.join(homeDir, ...fallback);
  };
  return {
    dataDir: at.join(xdg('XDG_DATA_HOME', ['.local', 'share']), 'jwt-dev'),
    stateDir: at.join(xdg('XDG_STATE_HOME', ['.local', 'state']), 'jwt-dev'),
  };
}

/** The platform's hosts file. On Windows the directory is named by SystemRoot, not always C:\Windows. */
export function defaultHostsFile(platform: NodeJS.Platform, env: Env): string {
  if (platform !== 'win32') return '/etc/hosts';
  const root = env['SystemRoot'] ?? env['SYSTEMROOT'] ?? 'C:\\Windows';
  return path.win32.join(root, 'System32', 'drivers', 'etc', 'hosts');
}
