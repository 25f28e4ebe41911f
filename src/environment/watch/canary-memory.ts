import { headerOf } from '../../proxy/headers.ts';
import type { Exchange } from '../../proxy/types.ts';
import type { WatchedExchange } from '../../verdicts/watch/types.ts';

/** Knows which browsers have the canary, so that its absence says something. */
export interface CanaryMemory {
  /** To be asked for each exchange once, in their order. */
  read(exchange: Exchange): WatchedExchange['canary'];
}

/** More browsers, and programs that pass for one, than a development environment has. */
const CLIENTS = 100;

/**
 * A request without the canary is one without credentials only if the browser has the canary. Whether it does is learned
 * at the frontend: a document brought it along or set it. It may have lost it since (its cookies were cleared), which
 * the next request of the page for something of its own host shows: such requests always carry cookies.
 */
export function createCanaryMemory(frontendHostname: string): CanaryMemory {
  /** By User-Agent: several browsers of one machine are told apart, several profiles of one are not. */
  const holders = new Set<string>();
  const learn = (client: string, has: boolean): void => {
    holders.delete(client);
    if (!has) return;
    holders.add(client);
    const [oldest] = holders;
    if (holders.size > CLIENTS && oldest !== undefined) holders.delete(oldest);
  };
  return {
    read: (exchange) => {
      if (exchange.canary === 'off') return 'unknown';
      const client = headerOf(exchange.requestHeaders, 'user-agent') ?? '';
      if (exchange.canary === 'sent') {
        learn(client, true);
        return 'sent';
      }
      if (exchange.hostname === frontendHostname && carriesCookies(exchange)) {
        learn(client, setsCanary(exchange));
        return 'unknown';
      }
      return holders.has(client) ? 'not-sent' : 'unknown';
    },
  };
}

/** Navigations, and what a page loads from its own host without a script's say (`fetch` can leave credentials out). */
function carriesCookies({ requestHeaders }: Exchange): boolean {
  const mode = headerOf(requestHeaders, 'sec-fetch-mode');
  return mode === undefined || mode === 'navigate' || mode === 'no-cors';
}

function setsCanary({ responseHeaders }: Exchange): boolean {
  return responseHeaders.some(
    (value, at) =>
      at % 2 === 1 &&
      value.startsWith('__jwtdev=') &&
      responseHeaders[at - 1]?.toLowerCase() === 'set-cookie',
  );
}
