import type { Exchange } from '../../proxy/types.ts';
import type { ViewedExchange } from '../../verdicts/view/viewed-exchange.ts';
import { toWatchedExchange } from '../watch/watched-exchange.ts';

/** An exchange of the proxy as the views want it. */
export function toViewedExchange(
  exchange: Exchange,
  seq: number,
  port: number,
  canary: ViewedExchange['canary'],
): ViewedExchange {
  return {
    ...toWatchedExchange(exchange, { port, canary }),
    seq,
    httpVersion: exchange.httpVersion,
    host: exchange.hostname,
    target: exchange.path,
    upstream: exchange.upstream,
    failure: exchange.failure,
  };
}
