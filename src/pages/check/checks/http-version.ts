import { info, pass, skip } from '../outcome.ts';
import type { Check } from '../world.ts';

/** Resource Timing, nextHopProtocol: the ALPN identifier of the connection that the page came by. */
export const httpVersion: Check = {
  id: 'http-version',
  title: 'HTTP version',
  run: () => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const protocol = navigation?.nextHopProtocol ?? '';
    if (protocol === '') return skip('The browser does not say by which protocol the page came.');
    if (protocol === 'h2' || protocol === 'h3') return pass(`The page came by ${protocol}.`);
    return info(
      `The page came by ${protocol}: at most six requests a host run at once. A proxy or a scanner in between may cause that.`,
    );
  },
};
