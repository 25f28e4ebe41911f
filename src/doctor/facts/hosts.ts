import { JwtDevError } from '../../errors.ts';
import { inspectHosts } from '../../hosts/apply.ts';
import { hostsBlockId, wantedEntries } from '../../hosts/entries.ts';
import { realFileSystem } from '../../hosts/file-system.ts';
import { readHosts } from '../../hosts/read.ts';
import type { HostsReport } from '../../hosts/request.ts';
import { findWslHost } from '../../hosts/wsl.ts';
import { exists, isWritable } from '../../system/files.ts';
import type { DoctorWorld } from '../types.ts';

export interface HostsFacts {
  readonly file: string;
  /** What applying the configuration would change, or why the file cannot be read or edited. */
  readonly report: HostsReport | JwtDevError;
  readonly writable: boolean;
  /** Lines that name one of our hosts and are commented out, by hand or by another tool. */
  readonly commentedOut: readonly number[];
}

export interface SurroundingFacts {
  /** The hosts file of the Windows around a WSL; null: no WSL, or nothing can be known of it. */
  readonly windows: HostsFacts | null;
  readonly isWsl: boolean;
  /** The file that says that this is a container, or null. */
  readonly container: string | null;
}

export function readHostsFile(world: DoctorWorld): Promise<HostsFacts> {
  return readFacts(world, world.config.hosts.file);
}

export async function readSurroundings(world: DoctorWorld): Promise<SurroundingFacts> {
  const { platform, env, run } = world;
  const wsl = await findWslHost({ platform, env, run });
  let container: string | null = null;
  for (const file of ['/.dockerenv', '/run/.containerenv']) {
    if (await exists(`${world.root === '/' ? '' : world.root}${file}`)) container ??= file;
  }
  return {
    isWsl: platform === 'linux' && (env['WSL_DISTRO_NAME'] ?? '') !== '',
    windows: wsl === null ? null : await readFacts(world, wsl.hostsFile),
    container,
  };
}

async function readFacts(world: DoctorWorld, file: string): Promise<HostsFacts> {
  const { config, platform, run, now, pid, isRoot, paths, owner } = world;
  const request = { file, id: hostsBlockId(config), entries: wantedEntries(config), force: false };
  const hostsWorld = {
    platform,
    run,
    now,
    pid,
    isRoot,
    owner,
    fs: realFileSystem,
    stateDir: paths.stateDir,
  };
  try {
    const { bytes } = await readHosts(file, realFileSystem);
    const hostnames = new Set(request.entries.map(({ hostname }) => hostname));
    return {
      file,
      report: await inspectHosts(request, hostsWorld),
      writable: await isWritable(file),
      commentedOut: findCommentedOut(bytes.toString('latin1'), hostnames),
    };
  } catch (error) {
    if (!(error instanceof JwtDevError)) throw error;
    return { file, report: error, writable: false, commentedOut: [] };
  }
}

/** Docker Desktop and people put a comment sign before a line and forget it. */
export function findCommentedOut(text: string, hostnames: ReadonlySet<string>): readonly number[] {
  return text.split('\n').flatMap((line, index) => {
    const [address = '', ...names] = (/^\s*#+\s*([^#]*)/.exec(line)?.[1] ?? '').trim().split(/\s+/);
    const isEntry = /^[\d.]+$|^[\da-f:]*:[\da-f:]*$/i.test(address);
    return isEntry && names.some((name) => hostnames.has(name.toLowerCase())) ? [index + 1] : [];
  });
}
