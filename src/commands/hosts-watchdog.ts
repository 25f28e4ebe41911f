import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { reportJson } from '../hosts/format.ts';
import { beginLease, watchLease } from '../hosts/lease.ts';
import { spawnWatchdog } from '../hosts/watchdog-process.ts';
import { hostsWorld } from './hosts-world.ts';

/** The hidden command behind a lease: begins it (the elevated part), or watches over it until it ends. */
export async function runWatchdog(
  leaseFile: string,
  options: { readonly begin?: boolean },
  context: Context,
): Promise<number> {
  const world = hostsWorld(context);
  if (options.begin === true) {
    const report = await beginLease(leaseFile, world, (file) =>
      spawnWatchdog(context.self, file, context.env),
    );
    context.output.result(reportJson(report), '');
    return EXIT.done;
  }
  // Whoever ends us by a signal wants the environment ended; the entries must still go, and only then we.
  const stopListening = context.onStopSignal(() => undefined);
  try {
    await watchLease(leaseFile, world);
  } finally {
    stopListening();
  }
  return EXIT.done;
}
