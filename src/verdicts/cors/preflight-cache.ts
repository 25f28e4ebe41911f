import { headerValue } from './headers.ts';
import { checkPermission, type PreflightPermission } from './preflight-permission.ts';
import type { CorsRequest, HttpAnswer } from './types.ts';

/** Chromium's PreflightResult: without a readable `Access-Control-Max-Age`. In milliseconds. */
const DEFAULT_AGE = 5_000;

/** Chromium's PreflightResult: never longer than two hours. In milliseconds. */
const MAX_AGE = 7_200_000;

/**
 * How long a permission may be used again, in milliseconds. `[+-]?digits` that fit 64 bits and nothing else
 * (Chromium's ParseAccessControlMaxAge): `600s` and `1.5` count as absent, a negative number as 0.
 */
export function permissionAge(answer: HttpAnswer): number {
  const value = headerValue(answer.headers, 'access-control-max-age');
  if (value === null || !/^[+-]?\d+$/.test(value)) return DEFAULT_AGE;
  const seconds = BigInt(value.replace('+', ''));
  if (BigInt.asIntN(64, seconds) !== seconds) return DEFAULT_AGE;
  return Math.min(Math.max(Number(seconds) * 1000, 0), MAX_AGE);
}

/** Fetch, "CORS-preflight cache", keyed as Chromium keys it: by origin, URL and the page's site. */
export interface PreflightCache {
  /** Whether a kept permission covers the request; one that is stale or too narrow is thrown away. */
  covers(key: PreflightKey, request: CorsRequest, now: number): boolean;
  keep(key: PreflightKey, permission: PreflightPermission, until: number): void;
}

export interface PreflightKey {
  /** As in the `Origin` header. */
  readonly origin: string;
  readonly url: string;
  /** The schemeful site of the top-level page. */
  readonly site: string;
}

/** Chromium's PreflightCache: URLs this long are not kept. */
const URL_MAX = 1024;

export function createPreflightCache(): PreflightCache {
  const entries = new Map<string, { permission: PreflightPermission; until: number }>();
  const text = (key: PreflightKey): string => JSON.stringify([key.origin, key.url, key.site]);
  return {
    covers(key, request, now) {
      const entry = entries.get(text(key));
      if (entry === undefined) return false;
      const wideEnough = entry.permission.withCredentials || request.credentials !== 'include';
      const options = { authorizationByWildcard: false };
      if (entry.until > now && wideEnough && checkPermission(request, entry.permission, options) === null) {
        return true;
      }
      entries.delete(text(key));
      return false;
    },
    keep(key, permission, until) {
      if (key.url.length < URL_MAX) entries.set(text(key), { permission, until });
    },
  };
}
