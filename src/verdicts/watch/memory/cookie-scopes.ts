import type { AnswerCookie } from '../answer-cookies.ts';
import { createLru, touch } from './lru.ts';

/** Where a browser files a cookie (RFC 6265bis, 5.7): what a deletion must repeat. */
export interface Scope {
  /** With a leading dot: for subdomains too. */
  readonly domain: string;
  readonly path: string;
}

export interface KnownCookie {
  /** As it was set the last time. */
  readonly latest: Scope;
  /** The cookie is set for one scope and for another in turn, on purpose: nothing can be said of its deletion. */
  readonly several: boolean;
  readonly exchange: string;
}

/** How the answers of a host set its cookies, for each client. */
export interface CookieScopes {
  find(client: string, host: string, name: string): KnownCookie | undefined;
  /** Learns from one answer. */
  learn(client: string, host: string, cookies: readonly AnswerCookie[], exchange: string): void;
  forget(client: string, host: string, name: string): void;
}

const COOKIES = 1_000;

export function createCookieScopes(): CookieScopes {
  const known = createLru<
    string,
    { latest: Scope; former: Scope | null; several: boolean; exchange: string }
  >(COOKIES);
  const keyOf = (client: string, host: string, name: string): string => `${client}\n${host}\n${name}`;
  return {
    find: (client, host, name) => known.get(keyOf(client, host, name)),
    learn: (client, host, cookies, exchange) => {
      for (const { name, scope, deletes } of cookies) {
        if (deletes || scope === null) continue;
        const entry = touch(known, keyOf(client, host, name), () => ({
          latest: scope,
          former: null,
          several: false,
          exchange,
        }));
        entry.exchange = exchange;
        if (isSameScope(entry.latest, scope)) continue;
        if (entry.former !== null && isSameScope(entry.former, scope)) entry.several = true;
        entry.former = entry.latest;
        entry.latest = scope;
      }
    },
    forget: (client, host, name) => known.delete(keyOf(client, host, name)),
  };
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.domain === b.domain && a.path === b.path;
}
