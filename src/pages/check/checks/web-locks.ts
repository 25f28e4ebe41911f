import { fail, pass } from '../outcome.ts';
import type { Check } from '../world.ts';

/** Two holders of one lock, one after the other: what keeps two tabs from refreshing at once (JD410). */
export const webLocks: Check = {
  id: 'web-locks',
  title: 'Web Locks',
  run: async () => {
    const locks: LockManager | undefined = navigator.locks;
    if (locks === undefined)
      return fail(
        'navigator.locks is not there.',
        'Without it, two tabs may refresh at once (JD410): update this browser.',
      );
    const name = `jwt-dev-check-${crypto.randomUUID()}`;
    const order: string[] = [];
    const hold = (who: string): Promise<void> =>
      locks.request(name, async () => {
        order.push(`${who} in`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(`${who} out`);
      });
    await Promise.all([hold('1'), hold('2')]);
    const seen = order.join(', ');
    return seen === '1 in, 1 out, 2 in, 2 out'
      ? pass('Two requests for one lock were served one after the other.')
      : fail(`Two requests for one lock ran into each other: ${seen}.`, 'Update this browser.');
  },
};
