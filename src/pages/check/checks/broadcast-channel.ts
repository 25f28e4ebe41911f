import { fail, pass } from '../outcome.ts';
import type { Check } from '../world.ts';

const WAIT_MS = 3_000;

/** How one tab tells the others that the user has logged out. */
export const broadcastChannel: Check = {
  id: 'broadcast-channel',
  title: 'BroadcastChannel',
  run: async () => {
    if (!('BroadcastChannel' in window))
      return fail(
        'BroadcastChannel is not there.',
        'Tabs cannot tell each other of a logout: update this browser.',
      );
    const name = `jwt-dev-check-${crypto.randomUUID()}`;
    const [from, to] = [new BroadcastChannel(name), new BroadcastChannel(name)];
    try {
      const arrived = new Promise<boolean>((resolve) => {
        to.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(data === name));
        setTimeout(() => resolve(false), WAIT_MS);
      });
      from.postMessage(name);
      return (await arrived)
        ? pass('A message came from one channel to the other.')
        : fail('A message did not arrive.', 'Switch off extensions for this page, or update this browser.');
    } finally {
      from.close();
      to.close();
    }
  },
};
