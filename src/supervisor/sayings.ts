import { endingText, type NextStep } from './restart-policy.ts';
import type { Ending } from './types.ts';

/** What the user is told about the end of a run. Pure. */
export function endingMessage(command: string, ending: Ending, step: NextStep): string {
  if (ending.kind === 'unstartable') {
    const again = step.action === 'restart' ? ` It is tried again every ${seconds(step.delayMs)}.` : '';
    return `"${command}" cannot be started: ${ending.reason}. ${ending.hint}.${again}`.replaceAll('..', '.');
  }
  const expectation = ending.kind === 'exit' && ending.code === 0 ? '; it is expected to keep running' : '';
  const next =
    step.action === 'restart'
      ? `It is started again in ${seconds(step.delayMs)}.`
      : 'It never listened, so it is not started again. Correct "command" in the configuration and run jwt-dev up again.';
  return `"${command}" ended with ${endingText(ending)}${expectation}. ${next}`;
}

/** What the user is told about a server that is not where it was told to be. Pure. */
export function elsewhereMessage(
  command: string,
  assigned: { readonly port: number; readonly isFixed: boolean },
  ports: readonly number[],
): string {
  const where = `port${ports.length > 1 ? 's' : ''} ${ports.join(' and ')}`;
  return assigned.isFixed
    ? `"${command}" listens on ${where}, not on ${assigned.port}. Correct "port" in the configuration, or leave it out.`
    : `"${command}" listens on ${where}, and not on the port that PORT names (${assigned.port}). Name the right one in the configuration: "port": ${ports[0]}`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
