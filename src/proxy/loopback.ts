import type { LookupFunction } from 'node:net';

export interface Loopback {
  /** Instead of the system's: names the loopback addresses, the one that answered last first. */
  readonly lookup: LookupFunction;
  /** Tell it which address a connection came to, so that the next one begins there. */
  readonly remember: (address: string | undefined) => void;
  /** The last connection came to ::1 although 127.0.0.1 was tried before it. */
  readonly isOnlyV6: () => boolean;
}

/**
 * Dials a local server by address on either loopback family, without asking the resolver: getaddrinfo shares its
 * threads with password hashing and waits behind it for seconds. With `autoSelectFamily` Node tries the addresses in
 * turn (RFC 8305), so a server that moved to the other family is found again.
 */
export function createLoopback(): Loopback {
  const v4 = { address: '127.0.0.1', family: 4 };
  const v6 = { address: '::1', family: 6 };
  let addresses = [v4, v6];
  let onlyV6 = false;
  return {
    lookup: (_hostname, options, callback) => {
      const first = addresses[0] ?? v4;
      // Never before it returns: callers listen for errors only after the call.
      queueMicrotask(() => {
        if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    },
    remember: (address) => {
      if (address === v4.address) addresses = [v4, v6];
      if (address === v6.address) addresses = [v6, v4];
      // The first connection tries 127.0.0.1 first, and later ones begin where that one came to.
      if (address !== undefined) onlyV6 = address === v6.address;
    },
    isOnlyV6: () => onlyV6,
  };
}
