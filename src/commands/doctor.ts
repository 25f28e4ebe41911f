import type { Command } from 'commander';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export interface DoctorOptions extends InstanceOptions {
  readonly only?: string;
  readonly strict?: boolean;
  readonly browsers?: boolean;
  readonly fix?: boolean;
}

export function registerDoctor(program: Command, act: ActionRunner): void {
  program
    .command('doctor')
    .description('look at names, ports, certificates, trust and servers; change nothing')
    .option('--only <ids>', 'only these checks, by their ids: N1,T2')
    .option('--strict', 'exit with 3 for warnings too')
    .option('--browsers', 'let the installed browsers and tools connect (takes seconds)')
    .option('--fix', 'do what is safe, ask before the rest, then look again')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .addHelpText(
      'before',
      examples([
        ['jwt-dev doctor', 'what is wrong, why, and the command that fixes it'],
        ['jwt-dev doctor --fix', 'makes certificates, tidies up; asks about hosts and trust'],
        ['jwt-dev doctor --json --strict', 'for CI: exit code 3 for a failure or a warning'],
        ['jwt-dev doctor --only N7,P1', 'does each name reach this environment?'],
      ]),
    )
    .action((options: DoctorOptions) =>
      act(async (context, loadConfig) => {
        const { runDoctor } = await import('./doctor-act.ts');
        return runDoctor(options, context, await loadConfig());
      }),
    );
}
