import { headerValue, trimValue } from './headers.ts';
import type { HeaderPairs, HttpAnswer } from './types.ts';

/**
 * As much of the browser's HTTP cache as CORS verdicts need: a fresh answer that was made for one origin is served to a
 * page of another, and fails its check, unless it says `Vary: Origin`.
 */
export interface HttpCache {
  find(key: CacheKey, request: CachedRequest, now: number): HttpAnswer | null;
  /** Takes note of an answer: that to a GET is kept, a method that may change something throws a kept one away. */
  keep(key: CacheKey, request: CachedRequest, answer: HttpAnswer, now: number): void;
}

export interface CacheKey {
  readonly url: string;
  /** The schemeful site of the page: the cache is partitioned by it (Fetch, "determine the HTTP cache partition"). */
  readonly site: string;
}

export interface CachedRequest {
  readonly method: string;
  readonly headers: HeaderPairs;
}

interface Entry {
  readonly answer: HttpAnswer;
  readonly until: number;
  readonly headers: HeaderPairs;
}

/** Methods whose answer throws a kept one away (RFC 9111 §4.4; Chromium leaves it alone after PUT). */
const INVALIDATING = new Set(['DELETE', 'PATCH', 'POST']);

/** Answers that Chromium does not keep although they say `max-age` (HttpCache). */
const NOT_KEPT = new Set([206, 401, 407]);

/**
 * RFC 9111 §4.2.1: `max-age` less `Age`. In milliseconds; 0 where the answer may not be used again without asking.
 * Directives are taken as wholes, as Chromium does: `max-age="600"` and `max-age=600;` are none that it knows.
 */
function freshFor(answer: HttpAnswer): number {
  const listed = (name: string): readonly string[] =>
    (headerValue(answer.headers, name) ?? '').split(',').map((item) => trimValue(item).toLowerCase());
  const directives = listed('cache-control');
  const uncached = directives.includes('no-store') || directives.includes('no-cache');
  if (uncached || listed('pragma').includes('no-cache') || NOT_KEPT.has(answer.status)) return 0;
  const maxAge = directives.find((item) => /^max-age=\d+$/.test(item));
  if (maxAge === undefined) return 0;
  const age = Number(/^\d+$/.exec(headerValue(answer.headers, 'age') ?? '')?.[0] ?? 0);
  return Math.max(Number(maxAge.slice('max-age='.length)) - age, 0) * 1000;
}

/** RFC 9111 §4.1. */
function sameVariant(entry: Entry, headers: HeaderPairs): boolean {
  const names = (headerValue(entry.answer.headers, 'vary') ?? '').split(',').map((name) => name.trim());
  return names.every((name) => {
    if (name === '') return true;
    return name !== '*' && headerValue(entry.headers, name) === headerValue(headers, name);
  });
}

export function createHttpCache(): HttpCache {
  const entries = new Map<string, Entry>();
  const text = (key: CacheKey): string => JSON.stringify([key.site, key.url]);
  return {
    find(key, { method, headers }, now) {
      // RFC 9110 §9.3.2: HEAD asks for what a kept GET answers. A range is another matter.
      if ((method !== 'GET' && method !== 'HEAD') || headerValue(headers, 'range') !== null) return null;
      const entry = entries.get(text(key));
      return entry !== undefined && entry.until > now && sameVariant(entry, headers) ? entry.answer : null;
    },
    keep(key, { method, headers }, answer, now) {
      if (method !== 'GET' && !INVALIDATING.has(method)) return;
      const lifetime = method === 'GET' ? freshFor(answer) : 0;
      if (lifetime > 0) entries.set(text(key), { answer, headers, until: now + lifetime });
      else entries.delete(text(key));
    },
  };
}
