import { info, pass, skip } from '../outcome.ts';
import type { Check } from '../world.ts';

/** Names of the permission: Chromium split it in two after it had shipped (WICG Local Network Access). */
const NAMES = ['loopback-network', 'local-network-access'] as const;

export const localNetwork: Check = {
  id: 'local-network-access',
  title: 'Local Network Access',
  run: async () => {
    const states: string[] = [];
    for (const name of NAMES) {
      const state = await stateOf(name);
      if (state !== undefined) states.push(`${name}: ${state}`);
    }
    if (states.length === 0) return skip('This browser does not know this permission.');
    const seen = states.join(', ');
    return states.some((state) => state.endsWith('granted'))
      ? pass(`${seen}.`)
      : info(`${seen}. It is not asked for as long as both hosts lead to this machine.`);
  },
};

async function stateOf(name: string): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch (error) {
    // A browser that does not know the permission says so by a TypeError (Permissions, section 6.2).
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
