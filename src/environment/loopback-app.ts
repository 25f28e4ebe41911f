import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import type { PortHolderDeps } from '../system/port-holder.ts';
import { listen } from '../system/ports.ts';

export interface LoopbackApp {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Longer than the proxy keeps an idle connection, so that it never sends a request into a closing one. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Serves an application on a free port of 127.0.0.1, for the proxy alone.
 * Plain http: TLS ends at the proxy, and nothing outside this machine reaches loopback.
 * @param onUpgrade takes WebSockets; they are to be ended before it is closed, which waits for them.
 */
export async function serveOnLoopback(
  app: RequestListener,
  deps: PortHolderDeps,
  onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<LoopbackApp> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, app);
  if (onUpgrade !== undefined) server.on('upgrade', onUpgrade);
  const port = await listen(server, { port: 0, host: '127.0.0.1' }, deps);
  return {
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
