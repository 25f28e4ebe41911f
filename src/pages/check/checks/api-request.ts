import { failAs, type Outcome, pass } from '../outcome.ts';
import { CHECK_PATH, type Check, type World } from '../world.ts';

/** Its outcome decides whether what needs the API is tried at all. */
export const apiRequest: Check = {
  id: 'api-request',
  title: 'Request to the API with credentials',
  run: async (world) => {
    try {
      await world.askApi('/echo');
      return pass(
        `The page may read what ${world.settings.api} answers to a fetch with credentials: 'include'.`,
      );
    } catch (error) {
      return explainFailure(error, world);
    }
  },
};

/** A fetch says nothing about why it failed; one that need not be readable tells a refused answer from none. */
async function explainFailure(error: unknown, { settings }: World): Promise<Outcome> {
  const said = error instanceof Error ? error.message : String(error);
  const arrives = await answers(`${settings.api}${CHECK_PATH}/echo`);
  if (arrives) {
    return failAs(
      'JD206',
      `${settings.api} answers, and the browser does not let the page read it: ${said}`,
      settings,
      ['browser', 'terminal', 'backend'],
    );
  }
  const permission = await localNetworkPermission();
  if (permission === 'denied') {
    return failAs(
      'JD502',
      `${settings.api} is not reached, and Local Network Access is denied: ${said}`,
      settings,
    );
  }
  return failAs(
    'JD301',
    `${settings.api} is not reached: ${said}. The page itself was, so it is the name or the certificate of that host alone.`,
    settings,
  );
}

async function localNetworkPermission(): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: 'local-network-access' as PermissionName })).state;
  } catch (error) {
    // A browser that does not know the permission says so by a TypeError (Permissions, section 6.2).
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Whether anything comes back, readable or not. */
async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { mode: 'no-cors', cache: 'no-store' });
    return true;
  } catch (error) {
    // A network error (Fetch, section 5.6).
    if (error instanceof TypeError) return false;
    throw error;
  }
}
