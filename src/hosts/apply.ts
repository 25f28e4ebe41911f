import { JwtDevError } from '../errors.ts';
import { type Change, changeHosts, type Decision } from './change.ts';
import { reportJson } from './format.ts';
import { settledBytes } from './in-place.ts';
import { isTemporary, setTemporary } from './lease-records.ts';
import type { Eol, HostsFile } from './parse.ts';
import { type HostsPlan, planHosts, planRemoveAll } from './plan.ts';
import { type HostsSnapshot, parseSnapshot, readHosts } from './read.ts';
import type { HostsReport, HostsRequest } from './request.ts';
import type { HostsWorld } from './world.ts';

/**
 * What applying would do; changes nothing. In place is: no change and no conflict.
 * @throws JwtDevError ERR_HOSTS_UNREADABLE, ERR_HOSTS_MALFORMED
 */
export async function inspectHosts(request: HostsRequest, world: HostsWorld): Promise<HostsReport> {
  const snapshot = await readHosts(request.file, world.fs);
  const bytes = await settledBytes(snapshot, world);
  const plan = planHosts(parseSnapshot({ ...snapshot, bytes }, eolOf(world)), request.id, request.entries, {
    force: request.force,
  });
  return { ...reportOf(request.file, plan), changed: plan.changed || !bytes.equals(snapshot.bytes) };
}

/**
 * Makes the file say what is wanted, for good; see `changeHosts` for how. Takes our block out where nothing
 * is wanted.
 * @throws JwtDevError ERR_HOSTS_CONFLICT (its facts are the report), ERR_PRIVILEGE_REQUIRED and all of `changeHosts`.
 */
export async function applyHosts(request: HostsRequest, world: HostsWorld): Promise<HostsReport> {
  const { real, report } = await write(request, world);
  if (!(await isTemporary(real, request.id, world))) return report;
  await setTemporary(real, request.id, false, world);
  // A lease that ended just before may have taken the entries out.
  const settled = await write(request, world);
  return settled.report.applied ? settled.report : report;
}

/** The same for as long as a lease lives. */
export async function applyTemporarily(request: HostsRequest, world: HostsWorld): Promise<HostsReport> {
  return (await write(request, world)).report;
}

async function write(request: HostsRequest, world: HostsWorld): Promise<Written> {
  return carryOut(request.file, world, (file) => {
    const plan = planHosts(file, request.id, request.entries, { force: request.force });
    if (plan.conflicts.length > 0) throw conflictError(request, plan);
    return plan;
  });
}

/** Takes out the blocks of all projects. */
export async function removeAllHosts(file: string, world: HostsWorld): Promise<HostsReport> {
  return (await carryOut(file, world, planRemoveAll)).report;
}

/** What `removeAllHosts` would do. */
export async function inspectRemoveAll(file: string, world: HostsWorld): Promise<HostsReport> {
  const snapshot = await readHosts(file, world.fs);
  return reportOf(file, planRemoveAll(parseSnapshot(snapshot, eolOf(world))));
}

interface Written {
  readonly real: string;
  readonly report: HostsReport;
}

interface PlannedDecision extends Decision {
  readonly plan: HostsPlan;
}

async function carryOut(
  file: string,
  world: HostsWorld,
  decide: (parsed: HostsFile) => HostsPlan,
): Promise<Written> {
  const change: Change<PlannedDecision> = await changeHosts(
    file,
    (snapshot) => planned(decide(parseSnapshot(snapshot, eolOf(world)))),
    world,
  );
  const { real, decision, written, backup } = change;
  return { real, report: { ...reportOf(file, decision.plan), applied: written, backup } };
}

export function planned(plan: HostsPlan): PlannedDecision {
  return { plan, after: Buffer.from(plan.after, 'latin1') };
}

/** The snapshot as a plan that wants nothing changed. */
export function unchanged(snapshot: HostsSnapshot): Decision {
  return { after: snapshot.bytes };
}

export function eolOf(world: Pick<HostsWorld, 'platform'>): Eol {
  return world.platform === 'win32' ? '\r\n' : '\n';
}

function reportOf(file: string, plan: HostsPlan): HostsReport {
  const { changed, changes, conflicts, switchesOff } = plan;
  return { file, changed, applied: false, changes, conflicts, switchesOff, backup: null };
}

function conflictError(request: HostsRequest, plan: HostsPlan): JwtDevError {
  const { file, changed, changes, conflicts } = reportOf(request.file, plan);
  const others = conflicts.filter((conflict) => conflict.block !== null);
  return new JwtDevError(
    'ERR_HOSTS_CONFLICT',
    `${file} maps ${[...new Set(conflicts.map(({ hostname }) => hostname))].join(', ')} to another address; nothing was changed`,
    {
      details: conflicts.map(
        ({ line, hostname, found, block }) =>
          `line ${line} maps ${hostname} to ${found}${block === null ? '' : ` (jwt-dev project ${block})`}`,
      ),
      hint:
        others.length > 0
          ? 'Another jwt-dev project put that there. Remove it in that project first: jwt-dev hosts --remove'
          : 'Remove these lines, or let --force turn them into comments until: jwt-dev hosts --remove',
      facts: reportJson({ file, changed, applied: false, changes, conflicts, switchesOff: [], backup: null }),
    },
  );
}
