import path from 'node:path';
import { findStores } from '../certs/trust/stores.ts';
import { applyClean } from '../clean/apply.ts';
import { type CleanFacts, gatherCleanFacts } from '../clean/facts.ts';
import { hasWork, planClean } from '../clean/plan.ts';
import type { CleanItem, CleanWorld, HostsFile } from '../clean/types.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { defaultHostsFile } from '../system/paths.ts';
import { trustWorld } from './certs-project.ts';
import type { CleanOptions } from './clean.ts';
import { formatItems } from './clean-report.ts';
import { hostsTargets } from './hosts-targets.ts';
import { hostsWorld, runStepElevated } from './hosts-world.ts';
import { stepWorld } from './trust-project.ts';

/** Longer than a stopping environment waits for requests in flight. */
const GRACE_MS = 12_000;

/** The answer of `clean --json`. */
export interface CleanAnswer {
  readonly dryRun: boolean;
  readonly items: readonly CleanItem[];
}

/**
 * Lists, asks, removes; answers the exit code: 4 where a part needs privilege, 1 where a part failed.
 * @param loadConfig only read for its hosts file; a broken configuration is no reason to leave things behind.
 * @param overrides tests stand in for the machine's trust stores here.
 * @throws JwtDevError ERR_USAGE where nobody can be asked and `--yes` is missing.
 */
export async function runClean(
  options: CleanOptions,
  context: Context,
  loadConfig: () => Promise<Config>,
  overrides: Partial<CleanWorld> = {},
): Promise<number> {
  const { output } = context;
  const world = { ...(await cleanWorld(options, context, loadConfig)), ...overrides };
  const facts = await gatherCleanFacts(world);
  const planned = planClean(facts);
  const dryRun = options.dryRun === true;
  if (dryRun || !hasWork(planned)) {
    const text = hasWork(planned) ? formatItems(planned) : nothingText(planned);
    output.result({ dryRun, items: planned } satisfies CleanAnswer, text);
    return dryRun ? EXIT.done : exitCodeOf(planned);
  }
  if (!(await agrees(options, planned, context))) {
    output.result({ dryRun: true, items: planned } satisfies CleanAnswer, 'Nothing was removed.');
    return EXIT.failed;
  }
  return carryOut(facts, world, context);
}

async function carryOut(facts: CleanFacts, world: CleanWorld, { output }: Context): Promise<number> {
  const items = await applyClean(facts, world);
  output.result({ dryRun: false, items } satisfies CleanAnswer, formatItems(items));
  return exitCodeOf(items);
}

async function agrees(
  options: CleanOptions,
  planned: readonly CleanItem[],
  context: Context,
): Promise<boolean> {
  if (options.yes === true) return true;
  if (context.interactive) {
    context.output.info(formatItems(planned));
    return context.confirm('Remove all of this? It cannot be undone.');
  }
  throw new JwtDevError('ERR_USAGE', 'This removes what is listed here, and nobody can be asked', {
    details: planned.map(
      ({ label, location, why }) => `${label}: ${location}${why === null ? '' : ` (stays: ${why})`}`,
    ),
    hint: `Agree beforehand: ${context.self.typed} clean --yes`,
    facts: { items: planned },
  });
}

function nothingText(planned: readonly CleanItem[]): string {
  return planned.length === 0
    ? 'There is nothing to clean.'
    : `${formatItems(planned)}\n\nThere is nothing to clean.`;
}

/** What is kept because it is not ours is no failure. */
function exitCodeOf(items: readonly CleanItem[]): number {
  if (items.some(({ status }) => status === 'needs-privilege')) return EXIT.privilege;
  return items.some(({ status }) => status === 'failed') ? EXIT.failed : EXIT.done;
}

async function cleanWorld(
  options: CleanOptions,
  context: Context,
  loadConfig: () => Promise<Config>,
): Promise<CleanWorld> {
  const stores = await findStores(trustWorld(context), null);
  return {
    paths: context.paths,
    homeDir: context.homeDir,
    hosts: await findHostsFiles(options, context, loadConfig),
    stores,
    steps: stepWorld(context),
    graceMs: GRACE_MS,
  };
}

/** The configured hosts file and this machine's own; one that was named for this run stands for both. */
async function findHostsFiles(
  options: CleanOptions,
  context: Context,
  loadConfig: () => Promise<Config>,
): Promise<readonly HostsFile[]> {
  const { cwd, env, platform, output } = context;
  const config = await loadConfig().catch((error: unknown) => {
    if (!(error instanceof JwtDevError)) throw error;
    output.warn(`${error.message}; a hosts file that it names is not looked at`);
    return null;
  });
  const named = options.file ?? (env['JWT_DEV_HOSTS_FILE'] || undefined);
  const own = named === undefined ? defaultHostsFile(platform, env) : path.resolve(cwd, named);
  const files = new Set(named === undefined ? [config?.hosts.file ?? own, own] : [config?.hosts.file ?? own]);
  const found = await Promise.all(
    [...files].map((file) =>
      hostsTargets({ file, id: 'default', entries: [], force: false }, context, hostsWorld(context)),
    ),
  );
  return found.flat().map(({ request: { file }, world, elevation }) => ({
    file,
    world,
    elevate: async (cause) => {
      const step = ['hosts', '--remove', '--all', '--file', file, '--json'];
      await runStepElevated(step, cause, context, elevation);
    },
  }));
}
