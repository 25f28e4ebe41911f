import type { Command } from 'commander';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export interface DoctorOptions extends InstanceOptions {
  readonly only?: string;
  readonly strict?: boolean;
  readonly browsers?: boolean;
  readonly fix?: boolean;
  /** true: the API of the configuration. */
  readonly api?: string | true;
  readonly login?: string;
}

export function registerDoctor(program: Command, act: ActionRunner): void {
  program
    .command('doctor')
    .description('look at names, ports, certificates, trust and servers; change nothing')
    .option('--only <ids>', 'only these checks, by their ids: N1,T2')
    .option('--strict', 'exit with 3 for warnings too')
    .option('--browsers', 'let the installed browsers and tools connect (takes seconds)')
    .option('--fix', 'do what is safe, ask before the rest, then look again')
    .option(
      '--api [url]',
      'ask an API instead: CORS, and with --login a whole session (default: the API of the configuration)',
    )
    .option('--login <user:password>', 'an account for --api; it is logged in a few times, and out again')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .addHelpText(
      'before',
      examples([
        ['jwt-dev doctor', 'what is wrong, why, and the command that fixes it'],
        ['jwt-dev doctor --fix', 'makes certificates, tidies up; asks about hosts and trust'],
        ['jwt-dev doctor --json --strict', 'for CI: exit code 3 for a failure or a warning'],
        ['jwt-dev doctor --only N7,P1', 'does each name reach this environment?'],
        ['jwt-dev doctor --api --login alice:alice', 'does the API behave as the frontend needs it?'],
        [
          'jwt-dev doctor --api http://127.0.0.1:8000',
          'the same for a backend before it is put behind jwt-dev',
        ],
      ]),
    )
    .action((options: DoctorOptions) =>
      act(async (context, loadConfig) => {
        const { runDoctor } = await import('./doctor-act.ts');
        return runDoctor(options, context, await loadConfig());
      }),
    );
}
