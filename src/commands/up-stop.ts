import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';

/** The request to stop, wherever it comes from. */
export interface Stop {
  /** Settles with the first one. */
  readonly signal: Promise<NodeJS.Signals>;
  readonly requested: () => boolean;
  /** As if a stop signal had come. `who` asked for it, in words. */
  readonly request: (who: string) => void;
  /** Calls back for each stop signal and each request, until the returned function is called. */
  readonly listen: Context['onStopSignal'];
}

/** The first stop signal asks; a second one ends the process at once, with the code that shells give for it. */
export function stopRequests(context: Pick<Context, 'onStopSignal' | 'exitNow' | 'output'>): Stop {
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  let requested = false;
  let settle: (signal: NodeJS.Signals) => void = () => undefined;
  const signal = new Promise<NodeJS.Signals>((resolve) => {
    settle = resolve;
  });
  const take = (name: NodeJS.Signals, who: string): void => {
    if (requested) context.exitNow(name === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted);
    requested = true;
    context.output.info(`Stopping (${who}); once more ends it at once.`);
    settle(name);
    for (const listener of listeners) listener(name);
  };
  context.onStopSignal((name) => take(name, name));
  return {
    signal,
    requested: () => requested,
    request: (who) => {
      if (!requested) take('SIGTERM', who);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
