import http2 from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Downstream } from './downstream.ts';
import { createHttp2Downstream } from './downstream-http2.ts';
import type { Limits } from './limits.ts';

export interface Http2ServerDeps {
  readonly limits: Limits;
  readonly onRequest: (client: Downstream) => void;
  /** false: extended CONNECT is not offered, so that clients open a connection of HTTP/1.1 for each WebSocket. */
  readonly offersWebSockets: boolean;
  /** An extended CONNECT (RFC 8441): a WebSocket over this stream. */
  readonly onWebSocket: (stream: http2.ServerHttp2Stream, client: Downstream) => void;
}

export interface Http2Server {
  accept(socket: Duplex): void;
  /** Ends connections without a stream now, each other one after its last stream. */
  close(): void;
}

/** HTTP/2 on connections that are handed to it. */
export function createHttp2Server(deps: Http2ServerDeps): Http2Server {
  let closing = false;
  const sessions = new Set<http2.ServerHttp2Session>();
  const server = http2.createServer({
    settings: {
      enableConnectProtocol: deps.offersWebSockets,
      maxConcurrentStreams: deps.limits.streamsPerConnection,
      maxHeaderListSize: deps.limits.headerBytes,
      // HTTP/2's default of 64 KiB makes an upload wait for a round trip after every 64 KiB.
      initialWindowSize: 1024 * 1024,
    },
    // Chromium sends each cookie as a field of its own; 128 is Node's default.
    maxHeaderListPairs: 1_000,
    maxSessionInvalidFrames: 100,
    ...resetLimits(deps.limits),
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // Its streams report for themselves; a session that fails is closed by Node.
    session.on('error', ignore);
    session.setTimeout(deps.limits.clientIdleTimeoutMs, () => session.close());
  });
  server.on('sessionError', ignore);
  server.on('stream', (...[stream, headers, , rawHeaders]: StreamEvent) => {
    const client = createHttp2Downstream(stream, headers, rawHeaders);
    if (headers[':method'] === 'CONNECT' && headers[':protocol'] === 'websocket')
      deps.onWebSocket(stream, client);
    else deps.onRequest(client);
  });
  return {
    accept: (socket) => {
      if (closing) socket.destroy();
      else server.emit('connection', socket);
    },
    close: () => {
      closing = true;
      for (const session of sessions) session.close();
    },
  };
}

/** The types leave out the list of all fields, which Node gives as the fourth argument. */
type StreamEvent = [
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  flags: number,
  rawHeaders: string[],
];

/** Known to newer versions of Node (and of nghttp2) than the types here; older ones do not look at them. */
function resetLimits(limits: Limits): object {
  return { streamResetBurst: limits.resetBurst, streamResetRate: limits.resetRate };
}

function ignore(): void {
  // See where it is used.
}
