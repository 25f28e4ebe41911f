import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';

export const COMPLETED_SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletedShell = (typeof COMPLETED_SHELLS)[number];

export function registerCompletion(program: Command, act: ActionRunner): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(program.createArgument('<shell>', 'bash, zsh or fish').choices([...COMPLETED_SHELLS]))
    .addHelpText(
      'before',
      examples([
        [`echo 'eval "$(jwt-dev completion bash)"' >> ~/.bashrc`, 'bash'],
        [`echo 'eval "$(jwt-dev completion zsh)"' >> ~/.zshrc`, 'zsh, below compinit'],
        ['jwt-dev completion fish > ~/.config/fish/completions/jwt-dev.fish', 'fish'],
      ]),
    )
    .action((shell: CompletedShell) => act((context) => runCompletion(shell, program, context)));
}

/** Prints the script of a shell for everything that the program understands. */
export async function runCompletion(
  shell: CompletedShell,
  program: Command,
  { output }: Pick<Context, 'output'>,
): Promise<number> {
  const script = await completionScript(shell, program);
  output.result({ shell, script }, script);
  return EXIT.done;
}

/** The completion script itself, generated from the program's own definition. */
export async function completionScript(shell: CompletedShell, program: Command): Promise<string> {
  const { describeCompletions } = await import('./completion-model.ts');
  const commands = describeCompletions(program);
  switch (shell) {
    case 'bash':
      return (await import('./completion-bash.ts')).bashScript(commands);
    case 'zsh':
      return (await import('./completion-zsh.ts')).zshScript(commands);
    case 'fish':
      return (await import('./completion-fish.ts')).fishScript(commands);
  }
}
