import { samePartition } from './partition.ts';
import { compareMoments, type StoredCookie } from './stored-cookie.ts';
import type { PartitionKey, Priority } from './types.ts';

/** Chromium's limits per eTLD+1 (RFC 6265bis 6.1 asks for at least 50). */
export const MAX_PER_SITE = 180;
const KEPT_PER_SITE = 150;
export const MAX_PARTITION_BYTES = 10_240;

/** Of each priority that many are safe until all others are gone. */
const QUOTA: Readonly<Record<Priority, number>> = { Low: 30, Medium: 50, High: 70 };

const ROUNDS: readonly (readonly [priority: Priority, spareSecure: boolean])[] = [
  ['Low', true],
  ['Low', false],
  ['Medium', true],
  ['High', true],
  ['Medium', false],
  ['High', false],
];

const leastRecentFirst = (a: StoredCookie, b: StoredCookie): number =>
  compareMoments(a.lastAccess, b.lastAccess) || compareMoments(a.created, b.created);

function evictUnpartitioned(cookies: readonly StoredCookie[]): StoredCookie[] {
  if (cookies.length <= MAX_PER_SITE) return [];
  let left = [...cookies].sort(leastRecentFirst);
  const evicted: StoredCookie[] = [];
  let goal = left.length - KEPT_PER_SITE;
  for (const [priority, spareSecure] of ROUNDS) {
    const atPriority = left.filter((cookie) => cookie.priority === priority);
    const spared = spareSecure ? atPriority.filter((cookie) => cookie.secure).length : 0;
    const allowed = Math.min(goal, atPriority.length - Math.max(spared, QUOTA[priority]));
    if (allowed <= 0) continue;
    const gone = atPriority.filter((cookie) => !spareSecure || !cookie.secure).slice(0, allowed);
    evicted.push(...gone);
    const goneSet = new Set(gone);
    left = left.filter((cookie) => !goneSet.has(cookie));
    goal -= gone.length;
  }
  return evicted;
}

const bytesOf = (cookies: readonly StoredCookie[]): number =>
  cookies.reduce((sum, cookie) => sum + cookie.name.length + cookie.value.length, 0);

function evictPartitioned(cookies: readonly StoredCookie[]): StoredCookie[] {
  const left = [...cookies].sort(leastRecentFirst);
  const evicted: StoredCookie[] = [];
  while (left.length > MAX_PER_SITE || bytesOf(left) > MAX_PARTITION_BYTES) {
    const oldest = left.shift();
    if (oldest) evicted.push(oldest);
  }
  return evicted;
}

/** Which of a site's living cookies go, now that one has been added to this partition (`null`: the common jar). */
export function evict(site: readonly StoredCookie[], partition: PartitionKey | null): StoredCookie[] {
  const cookies = site.filter((cookie) => samePartition(cookie.partitionKey, partition));
  return partition === null ? evictUnpartitioned(cookies) : evictPartitioned(cookies);
}
