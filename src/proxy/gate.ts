import type { Duplex } from 'node:stream';

/** Where connections wait that come before the routes: nobody is told that a host is unknown which is only late. */
export interface Gate {
  /** Calls `enter` at once when open, else at the opening, unless the connection has ended by then. */
  pass(connection: Duplex, enter: () => void): void;
  open(): void;
}

export function createGate(): Gate {
  let waiting: (() => void)[] | null = [];
  return {
    pass: (connection, enter) => {
      if (waiting === null) {
        enter();
        return;
      }
      // A reset while it waits ends it, and nothing else.
      const ignore = (): void => undefined;
      connection.on('error', ignore);
      waiting.push(() => {
        if (connection.destroyed) return;
        enter();
        connection.off('error', ignore);
      });
    },
    open: () => {
      const queue = waiting ?? [];
      waiting = null;
      for (const enter of queue) enter();
    },
  };
}
