import { performance } from 'node:perf_hooks';
import type { Config } from '../../config/types.ts';
import { messageOf } from '../../errors.ts';
import { watchSettings } from '../watch/watch-settings.ts';
import { createInspector, type Inspector, type InspectorDeps } from './inspector.ts';

export interface OpenInspectorDeps extends Pick<InspectorDeps, 'port' | 'lookForFindings' | 'now'> {
  readonly onWarning: (text: string) => void;
}

/** The recorder of the live traffic of a configuration's hosts. */
export function openInspector(config: Config, deps: OpenInspectorDeps): Inspector {
  const { port, onWarning, now, lookForFindings } = deps;
  let hasFailed = false;
  return createInspector({
    capacity: config.inspector.capacity,
    settings: () => watchSettings(config, port()),
    port,
    frontendHostname: config.frontend.hostname,
    now,
    lookForFindings,
    clock: () => performance.now(),
    onError: (error) => {
      // Once: the same exchange may be in the way again and again.
      if (!hasFailed) onWarning(`The inspector failed; requests are not touched by it: ${messageOf(error)}`);
      hasFailed = true;
    },
  });
}
