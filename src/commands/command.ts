import type { ConfigOverrides } from '../config/resolve.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';

/**
 * What a command file gets from the program: `act` runs the action with the
 * context and a loader for the configuration, and keeps its exit code.
 * Overrides are what flags say; they beat the environment and the file.
 */
export type ActionRunner = (
  action: (context: Context, loadConfig: (overrides?: ConfigOverrides) => Promise<Config>) => Promise<number>,
) => Promise<void>;

/** The examples that every `--help` opens with: a command and what it does. */
export function examples(lines: readonly (readonly [command: string, effect: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `Examples:\n${lines.map(([command, effect]) => `  $ ${command.padEnd(width)}   ${effect}`).join('\n')}\n`;
}
