import path from 'node:path';
import { type Command, Option } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { JwtDevError } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';

export interface HostsOptions {
  readonly apply?: boolean;
  readonly remove?: boolean;
  readonly all?: boolean;
  readonly check?: boolean;
  readonly restore?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly file?: string;
  /** Set when this run is the elevated step of another one. */
  readonly elevated?: boolean;
}

export function registerHosts(program: Command, act: ActionRunner): void {
  program
    .command('hosts')
    .description('map the names of this project to this machine in the hosts file')
    .option('--apply', 'write the entries')
    .option('--remove', 'take the entries of this project out again')
    .option('--all', 'with --remove: the entries of every jwt-dev project')
    .option('--check', 'exit with 3 if the entries are not in place')
    .option('--restore', 'put the last backup back')
    .option('--dry-run', 'show what would be done and write nothing')
    .option('--force', 'turn foreign lines that map our names elsewhere into comments')
    .option('--file <file>', 'another file than the hosts file of this machine')
    .addOption(new Option('--elevated').hideHelp())
    .addHelpText(
      'before',
      examples([
        ['jwt-dev hosts', 'shows what would change'],
        ['jwt-dev hosts --apply', 'writes it; asks for root only if something changes'],
        ['jwt-dev hosts --remove', 'gives back the original bytes'],
        ['jwt-dev hosts --check', 'for CI: exit code 3 if an entry is missing'],
      ]),
    )
    .action((options: HostsOptions) =>
      act(async (context, loadConfig) => {
        requireMode(options);
        const file = options.file === undefined ? {} : { hostsFile: path.resolve(context.cwd, options.file) };
        return runHosts(options, context, await loadConfig(file));
      }),
    );
  program
    .command('internal-hosts-watchdog <lease>', { hidden: true })
    .option('--begin', 'write the entries and start the watchdog, then exit')
    .addOption(new Option('--elevated').hideHelp())
    .action((lease: string, options: { readonly begin?: boolean }) =>
      act(async (context) => {
        const { runWatchdog } = await import('./hosts-watchdog.ts');
        return runWatchdog(lease, options, context);
      }),
    );
}

/** Shows, applies, removes, checks or restores; answers the exit code. */
export async function runHosts(options: HostsOptions, context: Context, config: Config): Promise<number> {
  const { actOnHosts } = await import('./hosts-act.ts');
  return actOnHosts(options, context, config);
}

function requireMode(options: HostsOptions): void {
  const modes = (['apply', 'remove', 'check', 'restore'] as const).filter((mode) => options[mode] === true);
  const wrong = (message: string): JwtDevError =>
    new JwtDevError('ERR_USAGE', message, { hint: 'See what is possible with: jwt-dev hosts --help' });
  if (modes.length > 1) throw wrong(`--${modes.join(' and --')} cannot be combined`);
  if (options.all === true && options.remove !== true) throw wrong('--all belongs to --remove');
  if (options.force === true && (options.remove === true || options.restore === true)) {
    throw wrong('--force belongs to --apply');
  }
}
