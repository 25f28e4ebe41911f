import http from 'node:http';
import type { Duplex } from 'node:stream';
import { answerClientError } from './client-error.ts';
import type { Downstream } from './downstream.ts';
import { createHttp1Downstream, type Http1Connection } from './downstream-http1.ts';
import type { OwnAnswerSettings } from './error-page.ts';
import type { Limits } from './limits.ts';

export interface Http1ServerDeps {
  readonly limits: Limits;
  readonly onRequest: (client: Downstream) => void;
  /** A request to switch protocols; `client` is for an answer in place of it. */
  readonly onUpgrade: (
    request: http.IncomingMessage,
    socket: Duplex,
    head: Buffer,
    client: Downstream,
  ) => void;
  /** Made anew for each own answer. */
  readonly ownAnswers: () => OwnAnswerSettings;
}

export interface Http1Server {
  accept(socket: Duplex): void;
  /** Ends idle connections now, each other one with its answer. */
  close(): void;
}

interface Connection extends Http1Connection {
  /** The answers that it owes; several where the client pipelines. */
  readonly owed: Set<http.ServerResponse>;
  /** It ends with its next answer; what the client has pipelined behind it is not taken any more. */
  isDoubtful: boolean;
}

/** HTTP/1.1 on connections that are handed to it. */
export function createHttp1Server(deps: Http1ServerDeps): Http1Server {
  let closing = false;
  const connections = new Map<Duplex, Connection>();
  const createConnection = (): Connection => ({
    owed: new Set(),
    isDoubtful: false,
    isEnding() {
      return closing || this.isDoubtful;
    },
    end() {
      this.isDoubtful = true;
    },
  });
  const server = http.createServer({
    maxHeaderSize: deps.limits.headerBytes,
    headersTimeout: deps.limits.requestHeadersTimeoutMs,
    // No limit on a whole request: uploads take as long as they take, see requestBodyIdleTimeoutMs.
    requestTimeout: 0,
    keepAliveTimeout: deps.limits.clientIdleTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, deps.limits.requestHeadersTimeoutMs),
    // Answered by us, with a body and CORS headers.
    requireHostHeader: false,
    insecureHTTPParser: false,
  });
  // Node drops fields beyond the 2,000th without a word; their bytes are limited already.
  server.maxHeadersCount = 0;

  const serve =
    (awaitsContinue: boolean) => (request: http.IncomingMessage, response: http.ServerResponse) => {
      const { socket } = request;
      const connection = connections.get(socket);
      if (connection === undefined || connection.isDoubtful) return;
      const { owed } = connection;
      owed.add(response);
      const client = createHttp1Downstream(request, response, connection, awaitsContinue);
      client.onClose(() => {
        owed.delete(response);
        if (closing && owed.size === 0) socket.destroySoon();
      });
      deps.onRequest(client);
    };
  server.on('request', serve(false));
  server.on('checkContinue', serve(true));
  const onUpgrade = (request: http.IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node takes its own listeners off an upgraded connection, and whoever upgrades it ends it.
    socket.on('error', ignore);
    connections.delete(socket);
    const response = new http.ServerResponse(request);
    response.assignSocket(request.socket);
    response.once('finish', () => socket.end());
    const client = createHttp1Downstream(request, response, { isEnding: () => true, end: ignore });
    deps.onUpgrade(request, socket, head, client);
  };
  server.on('upgrade', onUpgrade);
  server.on('connect', onUpgrade);
  server.on('clientError', (error, socket) =>
    answerClientError(error, socket, [...(connections.get(socket)?.owed ?? [])], deps.ownAnswers()),
  );
  // It gets its connections from us, so it never listens; but only then does Node start to look for slow clients.
  server.emit('listening');
  return {
    accept: (socket) => {
      if (closing) {
        socket.destroy();
        return;
      }
      connections.set(socket, createConnection());
      socket.once('close', () => connections.delete(socket));
      server.emit('connection', socket);
    },
    close: () => {
      closing = true;
      // Ends the search for slow clients. The callback would only say that it was not listening.
      server.close(ignore);
      for (const [socket, { owed }] of connections) {
        if (owed.size === 0) socket.destroy();
      }
    },
  };
}

function ignore(): void {
  // An event that has to be listened to, or a question whose answer is known.
}
