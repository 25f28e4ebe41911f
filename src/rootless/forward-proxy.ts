import http from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errnoOf } from '../errors.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import { listenOnAll } from '../system/ports.ts';
import { answerRequest, refusalText } from './answers.ts';
import { parseConnectTarget } from './target.ts';

export interface ForwardProxyLimits {
  /** Request line and header section together. */
  readonly headerBytes: number;
  /** From the accepted connection to the end of the header section; milliseconds. */
  readonly headersTimeoutMs: number;
  /** On each address, tunnels included. */
  readonly connections: number;
}

export interface ForwardProxyDeps {
  /** The names that it leads to: lower-case ASCII, without a final dot. */
  readonly hostnames: readonly string[];
  /** 0: any free port. */
  readonly port: number;
  /** Takes a client's connection, which from now on speaks what it would speak to port 443 or 80 of our names. */
  readonly adopt: (socket: Socket, as: 'https' | 'http') => void;
  readonly ports: PortHolderDeps;
  readonly limits?: Partial<ForwardProxyLimits>;
}

export interface ForwardProxyListening {
  readonly port: number;
  /** `127.0.0.1:5198` */
  readonly authority: string;
  readonly addresses: readonly string[];
}

export interface ForwardProxy {
  /** @throws JwtDevError ERR_PORT_IN_USE, ERR_PRIVILEGE_REQUIRED, ERR_LISTEN; nothing listens then. */
  listen(): Promise<ForwardProxyListening>;
  /** Accepts nothing new and waits for the tunnels, which their owner ends, until the deadline; then ends them too. */
  close(deadlineMs: number): Promise<void>;
  /** Ends everything now; a pending `close` is done with it. */
  forceClose(): void;
}

/** It opens the way to everything that is on our names, so it is nobody's but this machine's. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;

const DEFAULT_LIMITS: ForwardProxyLimits = {
  headerBytes: 16 * 1024,
  headersTimeoutMs: 15_000,
  // As many as the proxy behind it takes.
  connections: 4_096,
};

/**
 * An HTTP proxy on loopback for clients that cannot find our names otherwise. It tunnels to ports 443 and 80 of our
 * names, within this process and without a connection of its own, and refuses all else.
 */
export function createForwardProxy(deps: ForwardProxyDeps): ForwardProxy {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const hostnames = new Set(deps.hostnames);
  const sockets = new Set<Socket>();
  const tunnels = new WeakSet<Socket>();
  let servers: readonly http.Server[] = [];
  let authority = '';

  const onConnect = ({ url = '' }: http.IncomingMessage, client: Duplex, head: Buffer): void => {
    const socket = client as Socket;
    // Node's server has taken its own listeners away; what follows an error is the close.
    socket.on('error', ignore);
    const target = parseConnectTarget(url, hostnames);
    if ('status' in target) {
      endWith(socket, refusalText(target));
      return;
    }
    tunnels.add(socket);
    // Node's http server leaves sockets half open; behind the tunnel one that the client has ended is over.
    socket.allowHalfOpen = false;
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    deps.adopt(socket, target.as);
  };

  const createServer = (): http.Server => {
    const server = http.createServer({
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(5_000, limits.headersTimeoutMs),
      // HTTP/1.0 clients send none, and CONNECT's target says it all.
      requireHostHeader: false,
    });
    server.maxConnections = limits.connections;
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.on('connect', onConnect);
    server.on('request', (request, response) => {
      response.on('error', ignore);
      answerRequest(request, response, { hostnames: deps.hostnames, authority });
    });
    server.on('clientError', (error, client) => {
      const socket = client as Socket;
      socket.on('error', ignore);
      endWith(socket, refusalText({ status: statusOf(error), message: 'The request could not be read.' }));
    });
    // After it listens, an error of the listening socket (EMFILE) passes: the next connection may succeed.
    server.once('listening', () => server.on('error', ignore));
    return server;
  };

  const forceClose = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  return {
    listen: async () => {
      const made: http.Server[] = [];
      const create = (): http.Server => {
        const server = createServer();
        made.push(server);
        return server;
      };
      const { port, addresses } = await listenOnAll(create, LOOPBACK, deps.port, deps.ports);
      servers = made.filter((server) => server.listening);
      const [first = LOOPBACK[0]] = addresses;
      authority = first.includes(':') ? `[${first}]:${port}` : `${first}:${port}`;
      return { port, authority, addresses };
    },
    close: async (deadlineMs) => {
      const timer = setTimeout(forceClose, deadlineMs);
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      // What is no tunnel has its answer already, or has not asked yet.
      for (const socket of sockets) if (!tunnels.has(socket)) socket.destroySoon();
      await Promise.all(closed);
      clearTimeout(timer);
    },
    forceClose: () => {
      for (const server of servers) server.close(ignore);
      forceClose();
    },
  };
}

function endWith(socket: Socket, text: string): void {
  if (socket.writable) socket.end(text);
  socket.destroySoon();
}

/** What Node calls a request that it could not read (documented at its 'clientError' event). */
function statusOf(error: Error): 400 | 408 | 431 {
  const code = errnoOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

function ignore(): void {
  // A client that has left, or a server that was not listening: nothing is left to do.
}
