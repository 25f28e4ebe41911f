import path from 'node:path';
import type { Command } from 'commander';
import { type ActionRunner, examples } from './command.ts';

export interface CleanOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly file?: string;
}

export function registerClean(program: Command, act: ActionRunner): void {
  program
    .command('clean')
    .description('list, then remove all that jwt-dev ever made on this machine for this user')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'list it and remove nothing')
    .option('--file <file>', 'another hosts file than the one of this machine')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev clean', 'lists environments, hosts entries, trust, CAs and state; asks; removes'],
        ['jwt-dev clean --dry-run', 'lists only'],
        ['jwt-dev clean --yes', 'without a question, for scripts'],
      ]),
    )
    .action((options: CleanOptions) =>
      act(async (context, loadConfig) => {
        const { runClean } = await import('./clean-act.ts');
        const file = options.file === undefined ? {} : { hostsFile: path.resolve(context.cwd, options.file) };
        return runClean(options, context, () => loadConfig(file));
      }),
    );
}
