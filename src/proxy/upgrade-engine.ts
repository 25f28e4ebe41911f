import type http from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type HttpProxy from 'http-proxy';
import { timedOut } from './failures.ts';
import { toHeaderObject } from './headers.ts';
import type { Limits } from './limits.ts';
import { loadHttpProxy } from './load-http-proxy.ts';
import type { HeaderList } from './types.ts';
import type { UpstreamConnections } from './upstreams.ts';

export interface UpgradeRequest {
  readonly path: string;
  readonly headers: HeaderList;
}

export interface UpgradeEvents {
  /** The upstream switched protocols. From here on both sides talk to each other. */
  readonly onOpen: (upstreamSocket: Duplex, headers: HeaderList) => void;
  /** The upstream answered with something else than 101. */
  readonly onAnswer: (response: http.IncomingMessage) => void;
  /** There is no answer. Not called after one of the others. */
  readonly onError: (error: Error) => void;
}

let library: typeof HttpProxy | undefined;

/**
 * Passes a WebSocket handshake on through http-proxy and joins both sides. The only file that knows the library; it is
 * loaded at the first handshake. What it leaves open is done here: handlers for errors and the end on every
 * socket, answers other than 101, and paths, which it would normalise.
 */
export function openUpgrade(
  client: Duplex,
  head: Buffer,
  request: UpgradeRequest,
  upstream: UpstreamConnections,
  limits: Limits,
  events: UpgradeEvents,
): void {
  library ??= loadHttpProxy();
  const proxy = library.createProxyServer({});
  let settled = false;
  const settle = (report: () => void): void => {
    if (settled) return;
    settled = true;
    report();
  };
  let handshake: http.ClientRequest | undefined;
  proxy.on('proxyReqWs', (outgoing) => {
    handshake = outgoing;
    outgoing.path = request.path;
    outgoing.setTimeout(limits.upstreamHeadersTimeoutMs, () => outgoing.destroy(timedOut()));
    client.once('close', () => {
      if (!settled) outgoing.destroy();
    });
    outgoing.once('upgrade', (response: http.IncomingMessage, upstreamSocket: Socket) => {
      upstream.remember(upstreamSocket.remoteAddress);
      endTogether(client, upstreamSocket, limits.upgradeLingerMs);
      settle(() => events.onOpen(upstreamSocket, response.rawHeaders));
    });
  });
  const incoming = { method: 'GET', url: request.path, headers: toHeaderObject(request.headers) };
  const { protocol, hostname, port } = upstream.origin;
  proxy.ws(
    incoming as http.IncomingMessage,
    client,
    head,
    { target: { protocol, hostname, host: hostname, port }, agent: upstream.agent, toProxy: true },
    (error) => settle(() => events.onError(error)),
  );
  // http-proxy's own way with other answers writes a chunked body without its framing.
  handshake?.removeAllListeners('response');
  handshake?.once('response', (response) => settle(() => events.onAnswer(response)));
}

/** When one side has ended, so does the other: at once where it is closed, soon where it may still send. */
function endTogether(client: Duplex, upstream: Duplex, lingerMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  for (const [side, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    side.on('error', ignore);
    side.once('end', () => {
      timer ??= setTimeout(() => {
        client.destroy();
        upstream.destroy();
      }, lingerMs);
    });
    side.once('close', () => {
      if (client.destroyed && upstream.destroyed) clearTimeout(timer);
      if (!other.destroyed) destroySoon(other);
    });
  }
}

/** After what is written has left. */
function destroySoon(socket: Duplex): void {
  if (socket.writableFinished) socket.destroy();
  else socket.end(() => socket.destroy());
}

function ignore(): void {
  // The close that follows ends both sides.
}
