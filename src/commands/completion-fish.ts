import {
  type CompletedCommand,
  type CompletedOption,
  type Completion,
  firstSentence,
} from './completion-model.ts';

/** A completion script for fish 3 and newer. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of jwt-dev for fish.
function __jwt_dev_at --description 'Whether the cursor stands at that command of jwt-dev'
    set -l route ''
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip -eq 1
            set skip 0
            continue
        end
        switch "$route:$word"
${routeCases(commands)}
        end
        test "$route" = --; and break
    end
    test "$route" = "$argv[1]"
end
complete -c jwt-dev -f
${commands.flatMap(places).join('\n')}
complete -c jwt-dev -n '__jwt_dev_at --' -F -a '(__fish_complete_command)'
`;
}

function routeCases(commands: readonly CompletedCommand[]): string {
  const branch = (patterns: readonly string[], effect: string): string =>
    `            case ${patterns.map(quoted).join(' ')}\n                ${effect}`;
  return commands
    .flatMap(({ route, commands: below, options, argument }) => [
      ...below.map(({ name }) =>
        branch([`${route}:${name}`], `set route ${quoted(`${route} ${name}`.trim())}`),
      ),
      ...options
        .filter(({ value, optional }) => value !== null && !optional)
        .map(({ names }) =>
          branch(
            names.map((name) => `${route}:${name}`),
            'set skip 1',
          ),
        ),
      ...(argument.kind === 'command' ? [branch([`${route}:--`], 'set route --')] : []),
      // `exec` takes its command without dashes too; an option of its own is no command.
      ...(argument.kind === 'command' && route === 'exec'
        ? [branch(['exec:-*'], 'true'), branch(['exec:*'], 'set route --')]
        : []),
    ])
    .join('\n');
}

function places({ route, commands, options, argument }: CompletedCommand): readonly string[] {
  const at = `complete -c jwt-dev -n ${quoted(`__jwt_dev_at ${quoted(route)}`)}`;
  const own =
    commands.length > 0 ? [] : [`${at} ${flagsOf(argument)}`].filter(() => argument.kind !== 'unknown');
  return [
    ...commands.map(
      ({ name, description }) => `${at} -a ${quoted(name)} -d ${quoted(firstSentence(description))}`,
    ),
    ...own,
    ...options.map(
      (option) => `${at} ${optionFlags(option)} -d ${quoted(firstSentence(option.description))}`,
    ),
  ];
}

function optionFlags({ names, value, optional }: CompletedOption): string {
  const spelled = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  if (value === null) return spelled.join(' ');
  return [...spelled, ...(optional ? [] : ['-r']), flagsOf(value)].join(' ');
}

function flagsOf(value: Completion): string {
  switch (value.kind) {
    case 'words':
      return `-f -a ${quoted(value.words.join(' '))}`;
    case 'files':
      return '-F';
    case 'directories':
      return `-f -a '(__fish_complete_directories)'`;
    case 'command':
      return `-f -a '(__fish_complete_command)'`;
    case 'unknown':
      return '-f';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
