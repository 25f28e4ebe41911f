import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The hidden command that `watchLease` runs in. */
export const WATCHDOG_COMMAND = 'internal-hosts-watchdog';

/**
 * Starts this program again as the watchdog of a lease: in a session of its own, so that neither Ctrl-C nor a
 * closing terminal nor the end of our process group takes it along, and with nothing of ours open.
 * @throws the errno of a program that could not be started.
 */
export async function spawnWatchdog(
  self: { readonly node: string; readonly script: string },
  leaseFile: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const child = spawn(self.node, [self.script, WATCHDOG_COMMAND, leaseFile], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    cwd: '/',
    // What the caller's Node was started with (a debugger's port, coverage) is not for this one.
    env: { ...env, NODE_OPTIONS: undefined, NODE_V8_COVERAGE: undefined },
  });
  await once(child, 'spawn');
  child.unref();
}
