import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../errors.ts';
import { findPortHolder } from '../../system/port-holder.ts';
import type { DoctorWorld } from '../types.ts';
import type { CertificatesFacts } from './certificates.ts';
import type { UpstreamFact } from './upstreams.ts';

/** How Node checks certificates in one process. */
export interface NodeSettings {
  /** `this shell`, `process 123 (node …)`. */
  readonly who: string;
  /** The value of NODE_TLS_REJECT_UNAUTHORIZED, if it is set. */
  readonly rejectUnauthorized: string | undefined;
  /** The file that NODE_EXTRA_CA_CERTS names, if it is set. */
  readonly extraCaFile: string | undefined;
  /** What that file has to do with our CA. */
  readonly extraCa: 'unset' | 'holds ours' | 'lacks ours' | 'unreadable';
}

/** Of the shell that asks, and (Linux) of the processes that listen on the ports of the user's own servers. */
export async function readNodeSettings(
  world: DoctorWorld,
  upstreams: readonly UpstreamFact[],
  { caPem }: Pick<CertificatesFacts, 'caPem'>,
): Promise<readonly NodeSettings[]> {
  const processes = [
    { who: 'this shell', env: world.env },
    ...(await readUpstreamProcesses(world, upstreams)),
  ];
  return Promise.all(
    processes.map(async ({ who, env }): Promise<NodeSettings> => {
      const file = env['NODE_EXTRA_CA_CERTS'] || undefined;
      return {
        who,
        rejectUnauthorized: env['NODE_TLS_REJECT_UNAUTHORIZED'] || undefined,
        extraCaFile: file,
        extraCa: file === undefined ? 'unset' : await lookFor(caPem, path.resolve(world.cwd, file)),
      };
    }),
  );
}

async function readUpstreamProcesses(world: DoctorWorld, upstreams: readonly UpstreamFact[]) {
  const ports = [
    ...new Set(
      upstreams.flatMap(({ upstream, place }) => (upstream.kind === 'url' ? [] : (place?.port ?? []))),
    ),
  ];
  if (world.platform !== 'linux') return [];
  const procRoot = path.join(world.root, 'proc');
  const found = await Promise.all(
    ports.map(async (port) => {
      const holder = await findPortHolder(port, { platform: world.platform, run: world.run, procRoot });
      const text = holder && (await readIfVisible(path.join(procRoot, String(holder.pid), 'environ')));
      if (holder === undefined || text === undefined) return [];
      return [{ who: `process ${holder.pid} (${holder.command.slice(0, 60)})`, env: parseEnviron(text) }];
    }),
  );
  return found.flat();
}

/** proc(5): `NAME=value`, each ended by a zero byte. */
export function parseEnviron(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\0').flatMap((entry) => {
      const at = entry.indexOf('=');
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
    }),
  );
}

async function lookFor(caPem: string | null, file: string): Promise<NodeSettings['extraCa']> {
  const text = await readIfVisible(file);
  if (text === undefined) return 'unreadable';
  const compact = (pem: string): string => pem.replaceAll(/\s/g, '');
  return caPem !== null && compact(text).includes(compact(caPem)) ? 'holds ours' : 'lacks ours';
}

async function readIfVisible(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    const errno = errnoOf(error);
    // ESRCH: the process ended while we looked; EACCES: it is another user's.
    if (errno !== undefined && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR', 'EISDIR'].includes(errno)) {
      return undefined;
    }
    throw error;
  }
}
