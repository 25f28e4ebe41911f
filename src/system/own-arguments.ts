/** How a command line divides into what is ours and what belongs to a command of the user's. */
export interface OwnArguments {
  readonly own: readonly string[];
  /** It runs a command whose exit code becomes ours. */
  readonly wraps: boolean;
}

/** Options that stand before a command to run and take a value of their own. */
const WITH_VALUE = new Set(['--config', '--instance']);

/**
 * Read before anything is parsed: a mistake in the arguments must be reported in the right form and with the right exit
 * code, too. `up` and `exec` run what stands behind `--`, and `exec` also without it.
 */
export function ownArguments(argv: readonly string[]): OwnArguments {
  const dashes = argv.indexOf('--');
  const own = dashes < 0 ? argv : argv.slice(0, dashes);
  const operands = [...own.keys()].filter((at) => isOperand(own, at));
  const command = own[operands[0] ?? own.length];
  if (command === 'exec') return { own: own.slice(0, operands[1] ?? own.length), wraps: true };
  return { own, wraps: command === 'up' && dashes >= 0 };
}

function isOperand(words: readonly string[], at: number): boolean {
  return !(words[at] ?? '').startsWith('-') && !WITH_VALUE.has(words[at - 1] ?? '');
}
