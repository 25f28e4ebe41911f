import type { Argument, Command, Option } from 'commander';

/** What can stand in a place of the command line. `command`: a command of the user's with its own arguments. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'directories' | 'command' | 'unknown' };

export interface CompletedOption {
  /** `--config`, `-f`: every way to write it. */
  readonly names: readonly string[];
  readonly description: string;
  /** null: it is a switch. */
  readonly value: Completion | null;
  /** Whether the value can be left out. */
  readonly optional: boolean;
}

export interface CompletedCommand {
  /** The names that lead to it: `users add`; empty for the program itself. */
  readonly route: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  /** What its first argument can be. */
  readonly argument: Completion;
}

/** Every command of a program with what can be completed there, the program itself first. */
export function describeCompletions(program: Command, route = ''): readonly CompletedCommand[] {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const own: CompletedCommand = {
    route,
    commands: commands.map((command) => ({ name: command.name(), description: command.description() })),
    options: help.visibleOptions(program).map(describeOption),
    argument: describeArgument(program.registeredArguments[0]),
  };
  return [
    own,
    ...commands.flatMap((command) => describeCompletions(command, `${route} ${command.name()}`.trim())),
  ];
}

/**
 * The options after which a value is completed, with how they are found: `up:--config`. Where the value can be left out,
 * what follows may as well be something else, so only words to choose from are offered.
 */
export function valuedOptions(
  commands: readonly CompletedCommand[],
): readonly { readonly places: readonly string[]; readonly value: Completion }[] {
  return commands.flatMap(({ route, options }) =>
    options.flatMap(({ names, value, optional }) =>
      value === null || (optional && value.kind !== 'words')
        ? []
        : [{ places: names.map((name) => `${route}:${name}`), value }],
    ),
  );
}

/** The descriptions of the shells have one line. */
export function firstSentence(text: string): string {
  return text.replace(/\s*\(default.*\)$/, '').split('; ')[0] ?? text;
}

function describeOption(option: Option): CompletedOption {
  const placeholder = /[<[]([\w-]+)/.exec(option.flags)?.[1];
  return {
    names: [option.long, option.short].filter((name) => name !== undefined),
    description: option.description,
    value: placeholder === undefined ? null : completionOf(placeholder, option.argChoices),
    optional: option.optional,
  };
}

function describeArgument(argument: Argument | undefined): Completion {
  return argument === undefined ? { kind: 'unknown' } : completionOf(argument.name(), argument.argChoices);
}

/** Our placeholders say what they stand for: `<file>`, `<dir>`, `[command...]`. */
function completionOf(placeholder: string, choices: readonly string[] | undefined): Completion {
  if (choices !== undefined) return { kind: 'words', words: choices };
  const kinds: Readonly<Record<string, 'files' | 'directories' | 'command'>> = {
    file: 'files',
    dir: 'directories',
    command: 'command',
  };
  return { kind: kinds[placeholder] ?? 'unknown' };
}
