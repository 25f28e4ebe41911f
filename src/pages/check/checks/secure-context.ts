import { fail, pass } from '../outcome.ts';
import type { Check } from '../world.ts';

/** Secure Contexts: without it there are no service workers, no Web Locks, and no Secure cookies of plain http. */
export const secureContext: Check = {
  id: 'secure-context',
  title: 'Secure context',
  run: ({ settings }) =>
    window.isSecureContext && location.protocol === 'https:'
      ? pass(`${location.origin} is https and a secure context.`)
      : fail(
          `${location.origin} is no secure context.`,
          `Open ${settings.frontend}${location.pathname} instead.`,
        ),
};
