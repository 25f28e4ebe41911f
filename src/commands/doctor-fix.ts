import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { readState } from '../doctor/facts/state.ts';
import { planFixes, removeStaleRecords, tightenDirectories } from '../doctor/fixes.ts';
import type { Finding, Remedy } from '../doctor/types.ts';
import { JwtDevError } from '../errors.ts';

/**
 * Does what is safe, then asks about the rest, which only shows once there are certificates. Without a terminal
 * nobody can be asked: the findings name the commands.
 * @returns what was done, as sentences.
 */
export async function fixFindings(
  findings: readonly Finding[],
  look: () => Promise<readonly Finding[]>,
  context: Context,
  config: Config,
): Promise<readonly string[]> {
  const done: string[] = [];
  const { safe } = planFixes(findings);
  for (const remedy of safe)
    done.push(...(await attempt(() => SAFE_FIXES[remedy](context, config), context)));
  const { asking } = planFixes(safe.length > 0 ? await look() : findings);
  for (const remedy of asking) {
    const { question, fix, command } = ASKING_FIXES[remedy];
    if (context.interactive && (await context.confirm(question(config)))) {
      done.push(...(await attempt(() => fix(context, config), context)));
    } else {
      context.output.info(`Left to you: ${context.self.typed} ${command}`);
    }
  }
  for (const sentence of done) context.output.info(sentence);
  return done;
}

type Fix = (context: Context, config: Config) => Promise<readonly string[]>;

const SAFE_FIXES: Readonly<Record<Exclude<Remedy, 'hosts' | 'trust'>, Fix>> = {
  modes: async ({ paths }, config) => {
    const { directories } = await readState({ paths, config, userId: null });
    return tightenDirectories(directories.map(({ path }) => path));
  },
  'stale-records': async (_context, config) => removeStaleRecords(config),
  certificates: async (context, config) => {
    const { ensureProjectCertificates } = await import('./certs-project.ts');
    const { issued, notes } = await ensureProjectCertificates(config, context, null);
    return issued.length + notes.length === 0 ? [] : [`The certificates of ${config.site} are good now`];
  },
};

interface AskingFix {
  readonly question: (config: Config) => string;
  readonly fix: Fix;
  readonly command: string;
}

const ASKING_FIXES: Readonly<Record<'hosts' | 'trust', AskingFix>> = {
  hosts: {
    question: ({ hosts }) => `Write the missing lines into ${hosts.file}?`,
    command: 'hosts --apply',
    fix: async (context, config) => {
      const { applyConfiguredHosts } = await import('./hosts-act.ts');
      const written = await applyConfiguredHosts(context, config);
      return written.map(({ report }) => `${report.file} has the lines now`);
    },
  },
  trust: {
    question: ({ site }) => `Let the trust stores of this machine and user accept the local CA of ${site}?`,
    command: 'trust',
    fix: async (context, config) => {
      const { prepareTrust } = await import('./trust-project.ts');
      const { inspectStores, installTrust } = await import('../certs/trust/apply.ts');
      const { formatPlan } = await import('./trust-report.ts');
      const { stores, root, steps } = await prepareTrust({}, context, config);
      const before = await inspectStores(stores, root, steps);
      context.output.info(
        formatPlan(
          before.filter(({ status }) => status !== 'trusted'),
          '',
        ),
      );
      const after = await installTrust(stores, root, steps);
      return after.filter(({ changed }) => changed).map(({ label }) => `${label} trusts the CA now`);
    },
  },
};

/** One repair that fails must not keep the others from being done. */
async function attempt(
  fix: () => Promise<readonly string[]>,
  { output }: Pick<Context, 'output'>,
): Promise<readonly string[]> {
  try {
    return await fix();
  } catch (error) {
    if (!(error instanceof JwtDevError)) throw error;
    output.warn(`${error.message}${error.hint === undefined ? '' : `. ${error.hint}`}`);
    return [];
  }
}
