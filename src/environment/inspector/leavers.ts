import { headerOf } from '../../proxy/headers.ts';
import type { Exchange } from '../../proxy/types.ts';
import { createLru } from '../../verdicts/watch/memory/lru.ts';

/** Exchanges that went before anybody looked at them, as far as they say something of a browser's cookies. */
export interface Leavers {
  /** @returns whether it waits now: most say nothing new. */
  readonly add: (exchange: Exchange) => boolean;
  /** The oldest, which is then gone. */
  readonly next: () => Exchange | undefined;
  readonly waiting: () => number;
}

/** A flood of them is a load test; what it sets is set again. */
const CAPACITY = 2_000;
const HOSTS = 16;

export function createLeavers(capacity: number = CAPACITY): Leavers {
  let waiting: Exchange[] = [];
  /** The last of each host: a page and its API take turns. */
  const lasts = createLru<string, Exchange>(HOSTS);
  return {
    add: (exchange) => {
      const last = lasts.get(exchange.hostname);
      if (!hasField(exchange.responseHeaders, 'set-cookie') && !saysNew(exchange, last)) return false;
      lasts.set(exchange.hostname, exchange);
      if (waiting.length >= capacity) waiting = waiting.slice(capacity / 2);
      waiting.push(exchange);
      return true;
    },
    next: () => waiting.shift(),
    waiting: () => waiting.length,
  };
}

/** Whether it carries cookies, and others than the one before it. */
function saysNew(exchange: Exchange, last: Exchange | undefined): boolean {
  const cookie = headerOf(exchange.requestHeaders, 'cookie');
  if (cookie === undefined) return hasField(exchange.responseHeaders, 'clear-site-data');
  if (last === undefined) return true;
  return (
    cookie !== headerOf(last.requestHeaders, 'cookie') ||
    headerOf(exchange.requestHeaders, 'user-agent') !== headerOf(last.requestHeaders, 'user-agent')
  );
}

function hasField(headers: Exchange['responseHeaders'], name: string): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    const key = headers[at] as string;
    if (key.length === name.length && key.toLowerCase() === name) return true;
  }
  return false;
}
