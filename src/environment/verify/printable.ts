import { plainText } from '../../supervisor/plain-text.ts';
import type { ClientRun } from './types.ts';

/**
 * A run without what a terminal obeys (titles, colours, cursor movements): backends, browsers and tools say what they
 * like. Pure.
 */
export function printable({ version, steps, said }: ClientRun): ClientRun {
  return {
    version: version === null ? null : plainText(version),
    steps: steps.map((step) => ({
      ...step,
      title: plainText(step.title),
      detail: plainText(step.detail),
      ...(step.fix === undefined ? {} : { fix: plainText(step.fix) }),
    })),
    said: said.split('\n').map(plainText).join('\n'),
  };
}
