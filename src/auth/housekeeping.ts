import type { AuthStore } from './store/types.ts';

const INTERVAL_MS = 60_000;

/** Purges expired refresh tokens, at most once a minute: the ledger holds what lives, not what ever was. */
export function createHousekeeping(
  store: Pick<AuthStore, 'purgeExpired'>,
  clock: () => Date,
): () => Promise<void> {
  let last = clock().getTime();
  return async () => {
    const now = clock().getTime();
    if (Math.abs(now - last) < INTERVAL_MS) return;
    last = now;
    await store.purgeExpired(now);
  };
}
