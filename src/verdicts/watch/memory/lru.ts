/** A map that forgets what was not written for the longest time, so that traffic without end needs no memory without end. */
export interface Lru<K, V> {
  get(key: K): V | undefined;
  /** Makes the entry the newest one. */
  set(key: K, value: V): void;
  delete(key: K): void;
  readonly size: number;
}

/** @param limit how many entries are kept. */
export function createLru<K, V>(limit: number): Lru<K, V> {
  const entries = new Map<K, V>();
  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= limit) return;
      // A Map iterates in the order of insertion.
      const oldest = entries.keys().next();
      if (oldest.done !== true) entries.delete(oldest.value);
    },
    delete: (key) => {
      entries.delete(key);
    },
    get size() {
      return entries.size;
    },
  };
}

/** The value under a key, made where there is none; either way it is the newest entry then. */
export function touch<K, V>(lru: Lru<K, V>, key: K, make: () => V): V {
  const value = lru.get(key) ?? make();
  lru.set(key, value);
  return value;
}
