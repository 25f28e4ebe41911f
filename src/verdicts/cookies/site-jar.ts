import { withoutDot } from './domain.ts';
import { evict } from './eviction.ts';
import { isExpired } from './lifetime.ts';
import { isSameCookie, wouldShadowSecure } from './overwrite.ts';
import { cookieKey } from './site.ts';
import type { StoredCookie } from './stored-cookie.ts';

/** Chromium notes an access at most once a minute. */
const ACCESS_GRANULARITY_MS = 60_000;

/** What happened to cookies that were there before. */
export interface Insertion {
  /** The cookie as it is filed now, even if it was evicted at once; absent if it only deleted. */
  readonly stored?: StoredCookie;
  readonly replaced: readonly StoredCookie[];
  readonly evicted: readonly StoredCookie[];
}

export interface SiteJar {
  /** Cookies of the site (eTLD+1) of a host; the expired ones are dropped first. */
  of(host: string, nowMs: number): readonly StoredCookie[];
  all(nowMs: number): readonly StoredCookie[];
  shadowsSecure(cookie: StoredCookie, url: URL): boolean;
  /** Stores, replaces, or (with an expired cookie) deletes. */
  insert(cookie: StoredCookie): Insertion;
  touch(cookies: readonly StoredCookie[], moment: StoredCookie['lastAccess']): void;
  remove(cookies: readonly StoredCookie[]): void;
}

const keyOf = (cookie: StoredCookie): string => cookieKey(withoutDot(cookie.domain));

/** Cookies filed per registrable domain, with the rules about cookies that meet each other. */
export function createSiteJar(): SiteJar {
  const sites = new Map<string, StoredCookie[]>();

  const put = (key: string, cookies: StoredCookie[]): void => {
    if (cookies.length === 0) sites.delete(key);
    else sites.set(key, cookies);
  };
  const living = (key: string, nowMs: number): StoredCookie[] => {
    const cookies = (sites.get(key) ?? []).filter((cookie) => !isExpired(cookie.expires, nowMs));
    put(key, cookies);
    return cookies;
  };

  return {
    of: (host, nowMs) => living(cookieKey(host), nowMs),
    all: (nowMs) => [...sites.keys()].flatMap((key) => living(key, nowMs)),
    shadowsSecure: (cookie, url) =>
      (sites.get(keyOf(cookie)) ?? []).some((existing) => wouldShadowSecure(existing, cookie, url)),
    insert(cookie) {
      const key = keyOf(cookie);
      const before = sites.get(key) ?? [];
      const replaced = before.filter((existing) => isSameCookie(existing, cookie));
      const others = before.filter((existing) => !replaced.includes(existing));
      if (isExpired(cookie.expires, cookie.created.ms)) {
        put(key, others);
        return { replaced, evicted: [] };
      }
      // A cookie set again with the same value keeps its place in the Cookie header.
      const same = replaced.find((existing) => existing.value === cookie.value);
      const now = cookie.created.ms;
      const alive = others.filter((existing) => !isExpired(existing.expires, now));
      const stored = same ? { ...cookie, created: same.created } : cookie;
      const next = [...alive, stored];
      const evicted = evict(next, cookie.partitionKey);
      put(
        key,
        next.filter((existing) => !evicted.includes(existing)),
      );
      return { stored, replaced, evicted };
    },
    touch(cookies, moment) {
      const due = new Set(
        cookies.filter((cookie) => moment.ms - cookie.lastAccess.ms >= ACCESS_GRANULARITY_MS),
      );
      for (const key of new Set([...due].map(keyOf))) {
        const site = sites.get(key) ?? [];
        put(
          key,
          site.map((cookie) => (due.has(cookie) ? { ...cookie, lastAccess: moment } : cookie)),
        );
      }
    },
    remove(cookies) {
      const gone = new Set(cookies);
      for (const key of new Set(cookies.map(keyOf))) {
        put(
          key,
          (sites.get(key) ?? []).filter((cookie) => !gone.has(cookie)),
        );
      }
    },
  };
}
