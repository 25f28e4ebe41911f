import { readFile } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { EXIT, errnoOf } from '../errors.ts';
import { cacheWarnings, formatReport, reportJson, resolutionWarnings } from '../hosts/format.ts';
import { type CacheFlush, flushNameCaches } from '../hosts/name-caches.ts';
import type { HostsReport, HostsRequest } from '../hosts/request.ts';
import {
  checkResolution,
  type LookUp,
  lookUpLikePrograms,
  type NameResolution,
} from '../hosts/resolution.ts';
import { isSystemHostsFile } from '../hosts/system-file.ts';
import type { HostsWorld } from '../hosts/world.ts';
import { regeneratesHosts } from '../hosts/wsl.ts';
import { exists } from '../system/files.ts';

/** One file that was written (or needed no writing), and what its names do now. */
export interface Written {
  readonly report: HostsReport;
  readonly caches: readonly CacheFlush[];
  readonly resolution: readonly NameResolution[];
}

/** Flushes caches and resolves the names, if it is the file that this machine's resolver reads. */
export async function settleNames(
  report: HostsReport,
  { entries }: Pick<HostsRequest, 'entries'>,
  { platform, env, run }: Pick<Context, 'platform' | 'env' | 'run'>,
  world: HostsWorld,
  lookUp: LookUp = lookUpLikePrograms,
): Promise<Omit<Written, 'report'>> {
  if (!(await isSystemHostsFile(report.file, platform, env, world.fs))) return { caches: [], resolution: [] };
  const caches = report.applied ? await flushNameCaches({ platform, run, exists }) : [];
  return { caches, resolution: await checkResolution(entries, lookUp) };
}

/** Prints what was done: our file first, then (WSL) the one of Windows. */
export async function reportWritten(
  [own, windows]: readonly Written[],
  request: HostsRequest,
  { output }: Pick<Context, 'output'>,
): Promise<number> {
  if (own === undefined) return EXIT.failed;
  const { report, caches, resolution } = own;
  const reports = windows === undefined ? [report] : [report, windows.report];
  output.result(
    {
      ...reportJson(report),
      ...(windows === undefined ? {} : { windows: reportJson(windows.report) }),
      ...(resolution.length === 0 ? {} : { resolution }),
      ...(caches.length === 0 ? {} : { caches }),
    },
    reports.map((each) => `${formatReport(each, output)}\n${outcome(each, request)}`).join('\n\n'),
  );
  for (const warning of [...resolutionWarnings(resolution), ...cacheWarnings(caches)]) output.warn(warning);
  if (windows !== undefined && request.entries.length > 0 && regeneratesHosts(await readWslConf())) {
    output.info('WSL writes /etc/hosts anew at every start and takes these entries over from Windows.');
  }
  return EXIT.done;
}

function outcome({ applied, backup }: HostsReport, { entries }: HostsRequest): string {
  if (applied) return backup === null ? 'Written.' : `Written. The bytes from before: ${backup}`;
  return `${entries.length === 0 ? 'There is nothing to remove' : 'Already in place'}; nothing was written.`;
}

async function readWslConf(): Promise<string | null> {
  try {
    return await readFile('/etc/wsl.conf', 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
