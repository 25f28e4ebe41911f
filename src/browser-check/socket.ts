import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';

export interface EchoSockets {
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly close: () => void;
}

const LONGEST_MESSAGE = 1_024;
/** The page says one thing and leaves. */
const LIFE_MS = 30_000;

/** WebSockets that say what was said to them (RFC 6455, by `ws`). Whoever may not have one is not let in before. */
export function createEchoSockets(): EchoSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE });
  server.on('connection', (client) => {
    const end = setTimeout(() => client.terminate(), LIFE_MS).unref();
    client.on('close', () => clearTimeout(end));
    // A client that breaks the protocol is closed by `ws`; there is nothing more to do about it.
    client.on('error', () => client.terminate());
    client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
  });
  return {
    accept: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
    },
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
