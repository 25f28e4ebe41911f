import { failAs, info, pass } from '../outcome.ts';
import type { Check } from '../world.ts';

/** The browser's own verdict: what it writes into Sec-Fetch-Site (Fetch Metadata, section 2.3). */
export const sameSite: Check = {
  id: 'same-site',
  title: 'Page and API are one site',
  needsApi: true,
  run: async ({ askApi, settings }) => {
    const { fetchSite } = await askApi('/echo');
    const hosts = `${settings.frontend} and ${settings.api}`;
    if (fetchSite === null) return info(`The browser does not say what ${hosts} are to each other.`);
    if (fetchSite === 'same-site' || fetchSite === 'same-origin')
      return pass(`For the browser ${hosts} are ${fetchSite}, so SameSite cookies go along.`);
    return failAs('JD101', `For the browser ${hosts} are ${fetchSite}.`, settings);
  },
};
