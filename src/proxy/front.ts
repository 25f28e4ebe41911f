import net from 'node:net';

export interface FrontDeps {
  /** Takes a connection whose first byte begins a TLS handshake. */
  readonly onTls: (socket: net.Socket) => void;
  /** Takes any other connection: plain http on the TLS port, or on the plain port. */
  readonly onPlain: (socket: net.Socket) => void;
  readonly firstByteTimeoutMs: number;
  readonly maxConnections: number;
}

export interface Front {
  /** A server that is not listening yet. */
  readonly createServer: () => net.Server;
  /** Takes one connection, wherever it was accepted. */
  readonly accept: (socket: net.Socket) => void;
  /** Ends connections that have not sent a byte yet. */
  readonly close: () => void;
  readonly destroyAll: () => void;
  /** Resolves when no connection is left, also of those that another server accepted. */
  readonly drained: () => Promise<void>;
}

/** RFC 8446, section 5.1: the content type of a handshake record, which every ClientHello begins with. */
const TLS_HANDSHAKE = 0x16;

/**
 * Accepts TCP connections and tells TLS from plain http by the first byte. (Left to the TLS server, plain http ends in
 * an alert that no browser can show.) All addresses share what lies behind.
 */
export function createFront(deps: FrontDeps): Front {
  const sockets = new Set<net.Socket>();
  const silent = new Set<net.Socket>();
  let waiting: (() => void)[] = [];
  const tellDrained = (): void => {
    if (sockets.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const accept = (socket: net.Socket): void => {
    sockets.add(socket);
    silent.add(socket);
    socket.setNoDelay(true);
    // Whoever takes the socket over handles its end; an error alone says no more than the close that follows.
    socket.on('error', ignore);
    socket.once('close', () => {
      sockets.delete(socket);
      tellDrained();
      silent.delete(socket);
    });
    const timer = setTimeout(() => socket.destroy(), deps.firstByteTimeoutMs);
    socket.once('close', () => clearTimeout(timer));
    socket.once('data', (first: Buffer) => {
      clearTimeout(timer);
      silent.delete(socket);
      socket.pause();
      socket.unshift(first);
      if (first[0] === TLS_HANDSHAKE) {
        // A TLS socket takes the first bytes from here, and the rest from below.
        deps.onTls(socket);
      } else {
        deps.onPlain(socket);
        socket.resume();
      }
    });
    // A client that connects and leaves without a byte.
    socket.once('end', () => {
      if (silent.has(socket)) socket.destroy();
    });
  };
  return {
    accept,
    createServer: () => {
      const server = net.createServer(accept);
      server.maxConnections = deps.maxConnections;
      // After it listens, an error of the listening socket (EMFILE) passes: the next connection may succeed.
      server.once('listening', () => server.on('error', ignore));
      return server;
    },
    close: () => {
      for (const socket of silent) socket.destroy();
    },
    destroyAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        tellDrained();
      }),
  };
}

function ignore(): void {
  // See where it is used.
}
