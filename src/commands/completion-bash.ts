import { quoteForShell } from '../system/elevate.ts';
import { type CompletedCommand, type Completion, valuedOptions } from './completion-model.ts';

/** A completion script for bash 3.2 (macOS) and newer, without the bash-completion package. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of jwt-dev for bash.
_jwt_dev() {
  local IFS=$'\\n' current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local route='' words='' kind='words' word i
  COMPREPLY=()
  # "--type=x" comes as three words.
  if [[ $current == '=' ]]; then current=''; elif [[ $previous == '=' ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$route:$word" in
${routeCases(commands)}
    esac
  done
  case "$route:$previous" in
${valueCases(commands)}
    *)
      case "$route" in
${placeCases(commands)}
      esac
      ;;
  esac
  case "$kind" in
    words) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    directories) COMPREPLY=($(compgen -d -- "$current")) ;;
    command) COMPREPLY=($(compgen -c -f -- "$current")) ;;
    files) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
  # bash 3.2 has no compopt.
  if [[ $kind == files || $kind == directories || $kind == command ]]; then compopt -o filenames 2>/dev/null; fi
}
complete -F _jwt_dev jwt-dev
`;
}

/** How each word before the cursor changes the place: a command is entered, or the value of an option passed over. */
function routeCases(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ route, commands: below, options, argument }) => [
    ...below.map(({ name }) => branch([`${route}:${name}`], `route=${quoted(`${route} ${name}`.trim())}`)),
    ...valued(route, options).map((patterns) =>
      branch(patterns, 'i=$((i+1)); [[ "${COMP_WORDS[i]}" == "=" ]] && i=$((i+1))'),
    ),
    ...(argument.kind === 'command' ? [`      ${quoted(`${route}:--`)}) route='--'; break ;;`] : []),
    // `exec` takes its command without dashes too.
    ...(argument.kind === 'command' && route === 'exec'
      ? [`      ${quoted(`${route}:`)}[!-]*) route='--'; break ;;`]
      : []),
  ]);
  return lines.join('\n');
}

function valued(route: string, options: CompletedCommand['options']): readonly (readonly string[])[] {
  const names = options
    .filter(({ value, optional }) => value !== null && !optional)
    .flatMap((option) => option.names);
  return names.length === 0 ? [] : [names.map((name) => `${route}:${name}`)];
}

function valueCases(commands: readonly CompletedCommand[]): string {
  return valuedOptions(commands)
    .map(({ places, value }) => branch(places, assignment(value)))
    .join('\n');
}

function placeCases(commands: readonly CompletedCommand[]): string {
  const places = commands.map(({ route, commands: below, options, argument }) => {
    const switches = options.flatMap(({ names }) => names.filter((name) => name.startsWith('--')));
    const rest =
      below.length > 0
        ? assignment({ kind: 'words', words: below.map(({ name }) => name) })
        : assignment(argument);
    return `        ${quoted(route)}) if [[ $current == -* ]]; then ${assignment({ kind: 'words', words: switches })}; else ${rest}; fi ;;`;
  });
  return [...places, "        --) kind='command' ;;"].join('\n');
}

function assignment(value: Completion): string {
  if (value.kind === 'words')
    return `words=$'${value.words.map((word) => word.replaceAll(/['\\]/g, String.raw`\$&`)).join('\\n')}'`;
  return `kind=${quoted(value.kind)}`;
}

function branch(patterns: readonly string[], effect: string): string {
  return `      ${patterns.map(quoted).join(' | ')}) ${effect} ;;`;
}

function quoted(text: string): string {
  return text === '' || text.includes(':')
    ? `'${text.replaceAll("'", String.raw`'\''`)}'`
    : quoteForShell(text);
}
