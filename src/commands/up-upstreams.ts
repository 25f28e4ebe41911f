import { isatty } from 'node:tty';
import { styleText } from 'node:util';
import { allUpstreams, type Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { type CommandConversation, commandName } from '../environment/commands.ts';
import type { RunningEnvironment } from '../environment/start.ts';
import { type Output, wantsColour } from '../output.ts';

const COLOURS = ['cyan', 'magenta', 'blue', 'green'] as const;

/** The conversation of the upstream commands: each line with the name of its command before it, on stderr. */
export function commandConversation(
  config: Config,
  { output, env }: Pick<Context, 'output' | 'env'>,
): CommandConversation {
  const colour = wantsColour(env, isatty(2));
  const names = allUpstreams(config)
    .filter(({ upstream }) => upstream.kind === 'command')
    .map(({ host, prefix }) => commandName(host, prefix));
  const width = Math.max(0, ...names.map((name) => name.length));
  return {
    colour,
    onLine: (name, line) => {
      const padded = `${name.padEnd(width)} |`;
      const shade = COLOURS[names.indexOf(name) % COLOURS.length] ?? 'cyan';
      output.info(`${colour ? styleText(shade, padded, { validateStream: false }) : padded} ${line}`);
    },
  };
}

/** When the user is told what is being waited for. */
const SAY_AFTER_MS = 2_000;
/** Then it is ready all the same: what does not answer yet shows a page that reloads by itself. */
const WAIT_LIMIT_MS = 60_000;

/**
 * Waits until every upstream command accepts connections, is known never to, or the limit is reached.
 * @param stopped ends the wait early.
 */
export async function waitForCommands(
  { commands }: Pick<RunningEnvironment, 'commands'>,
  output: Output,
  stopped: Promise<unknown>,
): Promise<void> {
  const waiting = new Set(commands);
  if (waiting.size === 0) return;
  const names = (): string =>
    [...waiting].map(({ name, facts }) => `${name} ("${facts().command}")`).join(' and ');
  const all = Promise.all(
    commands.map(async (command) => {
      await command.whenListening();
      waiting.delete(command);
    }),
  );
  const timers = [
    setTimeout(() => output.info(`Waiting for ${names()} to accept connections …`), SAY_AFTER_MS),
  ];
  const limit = new Promise<void>((resolve) => {
    timers.push(
      setTimeout(() => {
        output.warn(`${names()} accepts no connections yet. Its pages reload by themselves when it does.`);
        resolve();
      }, WAIT_LIMIT_MS),
    );
  });
  await Promise.race([all, limit, stopped]);
  for (const timer of timers) clearTimeout(timer);
}
