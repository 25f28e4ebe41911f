import { failAs, pass } from '../outcome.ts';
import type { Check } from '../world.ts';

/** Tokens and cookies are over by one clock and looked at by another. */
const TOLERANCE_MS = 2_000;

export const clock: Check = {
  id: 'clock',
  title: 'Clocks of browser and server',
  needsApi: true,
  run: async ({ askApi, settings }) => {
    const before = Date.now();
    const { now } = await askApi('/echo');
    const difference = now - (before + Date.now()) / 2;
    const seconds = (Math.abs(difference) / 1_000).toFixed(1);
    if (Math.abs(difference) <= TOLERANCE_MS)
      return pass(`They differ by ${Math.round(Math.abs(difference))} ms.`);
    const which = difference > 0 ? 'behind' : 'ahead of';
    return failAs('JD450', `This browser's clock is ${seconds} s ${which} the server's.`, settings);
  },
};
