import { performance } from 'node:perf_hooks';
import type { Config } from '../../config/types.ts';
import { messageOf } from '../../errors.ts';
import { watchSettings } from '../watch/watch-settings.ts';
import { createInspector, type Inspector } from './inspector.ts';

export interface OpenInspectorDeps {
  /** The https port as clients write it; asked when somebody looks. */
  readonly port: () => number;
  readonly onWarning: (text: string) => void;
  readonly now: () => Date;
}

/** The recorder of the live traffic of a configuration's hosts. */
export function openInspector(config: Config, { port, onWarning, now }: OpenInspectorDeps): Inspector {
  let hasFailed = false;
  return createInspector({
    capacity: config.inspector.capacity,
    settings: () => watchSettings(config, port()),
    port,
    frontendHostname: config.frontend.hostname,
    now,
    clock: () => performance.now(),
    onError: (error) => {
      // Once: the same exchange may be in the way again and again.
      if (!hasFailed) onWarning(`The inspector failed; requests are not touched by it: ${messageOf(error)}`);
      hasFailed = true;
    },
  });
}
