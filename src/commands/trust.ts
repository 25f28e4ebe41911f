import type { Command } from 'commander';
import { STORE_KINDS, type StoreKind } from '../certs/trust/types.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';

export interface TrustOptions {
  readonly store?: readonly StoreKind[];
  readonly check?: boolean;
  readonly verify?: boolean;
  readonly dryRun?: boolean;
}

export interface UntrustOptions {
  readonly store?: readonly StoreKind[];
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

export function registerTrust(program: Command, act: ActionRunner): void {
  program
    .command('trust')
    .description("make this user's and this machine's trust stores accept the local CA")
    .addOption(storeOption(program))
    .option('--check', 'change nothing; exit 3 where a store does not trust the CA')
    .option('--verify', 'let the installed browsers and tools connect, and say which did')
    .option('--dry-run', 'show what would be done and do nothing')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev trust', 'every store of this machine; sudo only for the ones that need it'],
        ['jwt-dev trust --store chromium firefox', 'the browsers only, without root'],
        ['jwt-dev trust --check', 'exit 3 if a store does not trust the CA'],
        ['jwt-dev trust --verify', 'proved by real connections'],
      ]),
    )
    .action((options: TrustOptions) =>
      act(async (context, loadConfig) => runTrust(options, context, await loadConfig())),
    );
}

export function registerUntrust(program: Command, act: ActionRunner): void {
  program
    .command('untrust')
    .description('take the local CA out of every trust store again')
    .addOption(storeOption(program))
    .option('--all', 'the CAs of all sites, not only of this project’s')
    .option('--dry-run', 'show what would be done and do nothing')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev untrust', "this project's CA, from every store"],
        ['jwt-dev untrust --all', 'every CA that jwt-dev ever made'],
        ['jwt-dev untrust --store system', 'from the system store only'],
      ]),
    )
    .action((options: UntrustOptions) =>
      act(async (context, loadConfig) => runUntrust(options, context, await loadConfig())),
    );
}

type World = Pick<
  Context,
  | 'env'
  | 'platform'
  | 'homeDir'
  | 'paths'
  | 'isRoot'
  | 'owner'
  | 'pid'
  | 'interactive'
  | 'output'
  | 'run'
  | 'now'
  | 'self'
>;

/** Installs, checks or verifies trust and answers the exit code. */
export async function runTrust(options: TrustOptions, context: World, config: Config): Promise<number> {
  const { prepareTrust, trustExitCode } = await import('./trust-project.ts');
  const { stores, root, material, steps } = await prepareTrust(options, context, config);
  const { inspectStores, installTrust } = await import('../certs/trust/apply.ts');
  const { formatStores, formatPlan, formatClients } = await import('./trust-report.ts');
  const look = options.check === true || options.dryRun === true;
  const before = await inspectStores(stores, root, steps);
  const missing = before.filter(({ status }) => status !== 'trusted');
  if (options.dryRun === true) {
    context.output.result({ stores: before }, formatPlan(missing, 'Every store trusts the CA already.'));
    return EXIT.done;
  }
  if (!look && missing.length > 0) context.output.info(formatPlan(missing, ''));
  const after = look ? before : await installTrust(stores, root, steps);
  if (options.verify !== true) {
    context.output.result({ stores: after }, formatStores(after));
    return trustExitCode(after, options.check === true);
  }
  const { verifyProject } = await import('./trust-project.ts');
  const clients = await verifyProject(context, config, material);
  context.output.result({ stores: after, clients }, `${formatStores(after)}\n\n${formatClients(clients)}`);
  const refused = clients.some(({ connected }) => connected === false);
  return refused ? EXIT.drift : trustExitCode(after, options.check === true);
}

/** Takes trust back and answers the exit code. Succeeds where there is none. */
export async function runUntrust(options: UntrustOptions, context: World, config: Config): Promise<number> {
  const { findProjectStores, stepWorld, untrustExitCode } = await import('./trust-project.ts');
  const { inspectRemoval, removeTrust } = await import('../certs/trust/apply.ts');
  const { formatPlan, formatStores } = await import('./trust-report.ts');
  const stores = await findProjectStores(options.store ?? null, context);
  const site = options.all === true ? null : config.site;
  const steps = stepWorld(context);
  const before = await inspectRemoval(stores, site, steps);
  const present = before.filter(({ commands }) => commands.length > 0);
  if (options.dryRun === true) {
    context.output.result({ stores: before }, formatPlan(present, 'No store holds the CA.'));
    return EXIT.done;
  }
  if (present.length > 0) context.output.info(formatPlan(present, ''));
  const after = await removeTrust(stores, site, steps);
  context.output.result({ stores: after }, formatStores(after));
  return untrustExitCode(after);
}

function storeOption(program: Command): ReturnType<Command['createOption']> {
  return program
    .createOption('--store <kind...>', 'only these stores (repeatable)')
    .choices([...STORE_KINDS]);
}
