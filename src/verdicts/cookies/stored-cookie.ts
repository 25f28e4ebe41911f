import { decode } from './bytes.ts';
import type { Cookie } from './types.ts';

/** A moment with an order: two things of one millisecond still come one after the other. */
export interface Moment {
  readonly ms: number;
  readonly tick: number;
}

export const compareMoments = (a: Moment, b: Moment): number => a.ms - b.ms || a.tick - b.tick;

/** A cookie inside the jar; `name`, `value` and `path` are byte strings (bytes.ts). */
export interface StoredCookie extends Omit<Cookie, 'created' | 'lastAccess'> {
  readonly created: Moment;
  readonly lastAccess: Moment;
}

/** What the jar shows to the outside. */
export const toCookie = (cookie: StoredCookie): Cookie => ({
  ...cookie,
  name: decode(cookie.name),
  value: decode(cookie.value),
  path: decode(cookie.path),
  created: cookie.created.ms,
  lastAccess: cookie.lastAccess.ms,
});
