import { info } from '../outcome.ts';
import type { Check } from '../world.ts';

const ROUNDS = 5;

export const timing: Check = {
  id: 'timing',
  title: 'Time of a request to the API',
  needsApi: true,
  run: async ({ askApi }) => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const start = performance.now();
      await askApi('/echo');
      times.push(performance.now() - start);
    }
    const [fastest = 0, , median = 0] = times.toSorted((one, other) => one - other);
    return info(
      `Of ${ROUNDS} requests the fastest took ${fastest.toFixed(1)} ms, the median ${median.toFixed(1)} ms.`,
    );
  },
};
