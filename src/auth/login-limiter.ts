import type { LoginLimitConfig } from '../config/types.ts';

/** Counts failed logins per account and per address in a sliding window. In memory: a restart forgives. */
export interface LoginLimiter {
  /** Seconds until the next attempt is answered; 0: now. */
  readonly secondsToWait: (account: string, address: string) => number;
  readonly recordFailure: (account: string, address: string) => void;
  /** Whoever gets in has their own failures forgotten, not those of the address. */
  readonly forgive: (account: string) => void;
}

/** Keys beyond this many push out the oldest: guessing at random names must not fill the memory. */
const MAX_KEYS = 10_000;

export function createLoginLimiter(limit: LoginLimitConfig | null, clock: () => Date): LoginLimiter {
  if (limit === null)
    return { secondsToWait: () => 0, recordFailure: () => undefined, forgive: () => undefined };
  const windowMs = limit.windowSeconds * 1000;
  const accounts = new Map<string, readonly number[]>();
  const addresses = new Map<string, readonly number[]>();

  const recent = (failures: readonly number[] = []): readonly number[] => {
    const now = clock().getTime();
    return failures.filter((time) => time <= now && now - time < windowMs);
  };
  const record = (counts: Map<string, readonly number[]>, key: string, keep: number): void => {
    const failures = [...recent(counts.get(key)), clock().getTime()].slice(-keep);
    counts.delete(key);
    counts.set(key, failures);
    const [oldest] = counts.keys();
    if (counts.size > MAX_KEYS && oldest !== undefined) counts.delete(oldest);
  };
  const wait = (failures: readonly number[], allowed: number): number => {
    const first = failures.at(-allowed);
    return failures.length < allowed || first === undefined
      ? 0
      : Math.max(1, Math.ceil((first + windowMs - clock().getTime()) / 1000));
  };
  return {
    secondsToWait: (account, address) =>
      Math.max(
        wait(recent(accounts.get(account)), limit.perAccount),
        wait(recent(addresses.get(address)), limit.perAddress),
      ),
    recordFailure: (account, address) => {
      record(accounts, account, limit.perAccount);
      record(addresses, address, limit.perAddress);
    },
    forgive: (account) => void accounts.delete(account),
  };
}
