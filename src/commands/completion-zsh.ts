import { type CompletedCommand, type Completion, firstSentence, valuedOptions } from './completion-model.ts';

/** A completion script for zsh; for evaluation as well as for a directory of `fpath`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef jwt-dev
# Completion of jwt-dev for zsh.
_jwt-dev() {
  local route='' word previous
  local -i i
  local -a entries
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case "$route:$word" in
${routeCases(commands)}
    esac
  done
  previous=\${words[CURRENT-1]}
  if [[ $PREFIX == --*=* ]]; then
    previous=\${PREFIX%%=*}
    compset -P '*='
  fi
  case "$route:$previous" in
${valueCases(commands)}
  esac
  case "$route" in
${placeCases(commands)}
    (--) shift $((i - 1)) words; CURRENT=$((CURRENT - i + 1)); _normal ;;
  esac
}
if [[ \${funcstack[1]} == _jwt-dev ]]; then _jwt-dev "$@"; else compdef _jwt-dev jwt-dev; fi
`;
}

function routeCases(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ route, commands: below, options, argument }) => [
      ...below.map(({ name }) => branch([`${route}:${name}`], `route=${quoted(`${route} ${name}`.trim())}`)),
      ...options
        .filter(({ value, optional }) => value !== null && !optional)
        .map(({ names }) =>
          branch(
            names.map((name) => `${route}:${name}`),
            'i+=1',
          ),
        ),
      ...(argument.kind === 'command' ? [branch([`${route}:--`], "route='--'; i+=1; break")] : []),
      // `exec` takes its command without dashes too.
      ...(argument.kind === 'command' && route === 'exec' ? [`      (exec:[^-]*) route='--'; break ;;`] : []),
    ])
    .join('\n');
}

function valueCases(commands: readonly CompletedCommand[]): string {
  return valuedOptions(commands)
    .map(({ places, value }) => branch(places, `${completion(value)}; return`))
    .join('\n');
}

function placeCases(commands: readonly CompletedCommand[]): string {
  return commands
    .map(({ route, commands: below, options, argument }) => {
      const switches = options.flatMap(({ names, description }) =>
        names.filter((name) => name.startsWith('--')).map((name) => entry(name, description)),
      );
      const rest =
        below.length > 0
          ? `entries=(${below.map(({ name, description }) => entry(name, description)).join(' ')}); _describe command entries`
          : completion(argument);
      return `    (${quoted(route)})
      if [[ $PREFIX == -* ]]; then entries=(${switches.join(' ')}); _describe option entries; else ${rest}; fi ;;`;
    })
    .join('\n');
}

function completion(value: Completion): string {
  switch (value.kind) {
    case 'words':
      return `compadd -- ${value.words.map(quoted).join(' ')}`;
    case 'files':
      return '_files';
    case 'directories':
      return '_files -/';
    case 'command':
      return '_command_names -e';
    case 'unknown':
      return ':';
  }
}

/** `name:description`, as _describe takes it: colons in both are escaped. */
function entry(name: string, description: string): string {
  const escaped = (text: string): string => text.replaceAll(/[\\:]/g, String.raw`\$&`);
  return quoted(`${escaped(name)}:${escaped(firstSentence(description))}`);
}

function branch(patterns: readonly string[], effect: string): string {
  return `      (${patterns.map(quoted).join('|')}) ${effect} ;;`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
