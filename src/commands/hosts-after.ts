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

/** Flushes caches, resolves the names, and prints what was done. */
export async function reportAfterApply(
  reports: readonly HostsReport[],
  request: HostsRequest,
  context: Context,
  world: HostsWorld,
  lookUp: LookUp = lookUpLikePrograms,
): Promise<number> {
  const { output } = context;
  const [report, windows] = reports;
  if (report === undefined) return EXIT.failed;
  const { caches, resolution } = await settleNames(report, request, context, world, lookUp);
  output.result(
    {
      ...reportJson(report),
      ...(windows === undefined ? {} : { windows: reportJson(windows) }),
      ...(resolution.length === 0 ? {} : { resolution }),
      ...(caches.length === 0 ? {} : { caches }),
    },
    reports.map((each) => summary(each, request, context)).join('\n\n'),
  );
  for (const warning of [...resolutionWarnings(resolution), ...cacheWarnings(caches)]) output.warn(warning);
  if (windows !== undefined && request.entries.length > 0 && regeneratesHosts(await readWslConf())) {
    output.info('WSL writes /etc/hosts anew at every start and takes these entries over from Windows.');
  }
  return EXIT.done;
}

/** Only the file that resolvers read has caches before it and names to be resolved. */
async function settleNames(
  report: HostsReport,
  { entries }: HostsRequest,
  context: Context,
  world: HostsWorld,
  lookUp: LookUp,
): Promise<{ readonly caches: readonly CacheFlush[]; readonly resolution: readonly NameResolution[] }> {
  const { platform, env, run } = context;
  if (!(await isSystemHostsFile(report.file, platform, env, world.fs))) return { caches: [], resolution: [] };
  const caches = report.applied ? await flushNameCaches({ platform, run, exists }) : [];
  return { caches, resolution: await checkResolution(entries, lookUp) };
}

function summary(report: HostsReport, { entries }: HostsRequest, { output }: Context): string {
  const diff = formatReport(report, output);
  if (!report.applied) {
    return `${diff}\n${entries.length === 0 ? 'There is nothing to remove' : 'Already in place'}; nothing was written.`;
  }
  return report.backup === null ? diff : `${diff}\nWritten. The bytes from before: ${report.backup}`;
}

async function readWslConf(): Promise<string | null> {
  try {
    return await readFile('/etc/wsl.conf', 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
