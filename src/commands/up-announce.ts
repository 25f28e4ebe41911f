import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import type { RunningEnvironment } from '../environment/start.ts';
import type { SettledHosts } from './up-hosts.ts';
import { readyLine, readyText } from './up-ready.ts';

/** Says that everything is ready, and what is still missing for it to be of use. */
export function announce(
  environment: RunningEnvironment,
  { hosts, isCommand }: { readonly hosts: SettledHosts; readonly isCommand: boolean },
  config: Config,
  context: Context,
): void {
  const { output } = context;
  for (const sentence of environment.issued) output.info(sentence);
  for (const notice of environment.notices) output.warn(notice);
  const end = isCommand ? 'It ends with the command.' : 'Ctrl-C stops it.';
  const text = readyText(environment, config, end, context);
  // With a command, stdout is the command's.
  if (isCommand && !output.json) output.info(text);
  else output.event(readyLine(environment), text);
  if (hosts.advice !== null) output.warn(hosts.advice);
  if (environment.caIsNew) output.info(`Browsers do not trust it yet. Run: ${context.self.typed} trust`);
}
