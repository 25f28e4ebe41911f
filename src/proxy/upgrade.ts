import type { IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Downstream } from './downstream.ts';
import { describeUpstreamError, notSupported, proxyFault, upgradeRefused } from './failures.ts';
import { answerBy, type Destination, findDestination, type HandleDeps, headersFor } from './handle.ts';
import { forClient, headerOf, without } from './headers.ts';
import { type ExchangeRecord, observe } from './observe.ts';
import type { Failure, HeaderList } from './types.ts';
import { acceptFor, createWebSocketKey, Http2Socket } from './upgrade-http2.ts';

export interface Upgrades {
  /** `client` is for an answer in place of the upgrade. */
  readonly acceptHttp1: (request: IncomingMessage, socket: Duplex, head: Buffer, client: Downstream) => void;
  readonly acceptHttp2: (stream: ServerHttp2Stream, client: Downstream) => void;
  /** Ends all that are open. */
  readonly close: () => void;
}

interface Upgrade {
  readonly client: Downstream;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** For the upstream, beside what `headersFor` gives. */
  readonly extraHeaders: HeaderList;
  /** Tells the client that the protocol is switched. Gives the status, or why it is not. */
  readonly announce: (headers: HeaderList) => number | Failure;
}

/** WebSockets over HTTP/1.1 and HTTP/2, each bridged to an upgrade of HTTP/1.1 at the upstream. */
export function createUpgrades(deps: HandleDeps): Upgrades {
  const open = new Set<Duplex>();
  const begin = (upgrade: Upgrade, refusal: Failure | undefined): void => {
    const { client } = upgrade;
    const record = observe(client, 'websocket', deps);
    const destination = findDestination(client, record, deps);
    if ('code' in destination) return answerBy(client, destination, record, deps);
    if (refusal !== undefined) return answerBy(client, refusal, record, deps);
    open.add(upgrade.socket);
    upgrade.socket.once('close', () => open.delete(upgrade.socket));
    passOn(upgrade, destination, record, deps).catch((error: unknown) => {
      answerBy(client, proxyFault(error), record, deps);
    });
  };
  return {
    acceptHttp1: (request, socket, head, client) => {
      const isWebSocket = request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
      begin(
        // http-proxy itself writes the 101.
        { client, socket, head, extraHeaders: [], announce: () => 101 },
        isWebSocket ? undefined : notSupported('Of all upgrades only WebSocket is passed on.'),
      );
    },
    acceptHttp2: (stream, client) => {
      const key = createWebSocketKey();
      const announce = (headers: HeaderList): number | Failure => {
        const accept = headerOf(headers, 'sec-websocket-accept');
        if (accept !== acceptFor(key)) return upgradeRefused();
        client.respond(200, '', without(forClient(headers), 'sec-websocket-accept'), false);
        return 200;
      };
      const extraHeaders = ['sec-websocket-key', key];
      begin(
        { client, socket: new Http2Socket(stream), head: Buffer.alloc(0), extraHeaders, announce },
        undefined,
      );
    },
    close: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

async function passOn(
  upgrade: Upgrade,
  destination: Destination,
  record: ExchangeRecord,
  deps: HandleDeps,
): Promise<void> {
  const { client } = upgrade;
  // http-proxy is needed by nobody who opens no WebSocket.
  const { openUpgrade } = await import('./upgrade-engine.ts');
  if (client.closed) return;
  const upstream = deps.connections(destination.upstream);
  record.upstream = destination.upstream.label;
  const headers = [
    ...headersFor(client, destination, record, deps),
    'connection',
    'Upgrade',
    'upgrade',
    'websocket',
    ...upgrade.extraHeaders,
  ];
  const request = { path: destination.target.path, headers };
  openUpgrade(upgrade.socket, upgrade.head, request, upstream, deps.limits, {
    onOpen: (upstreamSocket, answerHeaders) => {
      const status = upgrade.announce(answerHeaders);
      if (typeof status === 'number') {
        Object.assign(record, { upgraded: true, status, responseHeaders: answerHeaders });
      } else {
        upstreamSocket.destroy();
        answerBy(client, status, record, deps, destination.upstream);
      }
    },
    onAnswer: (response) => relayAnswer(response, client, record),
    onError: (error) => {
      deps.watch?.onUpgradeError({ target: destination.target, connections: upstream }, error);
      const failure = describeUpstreamError(error, destination.upstream.label);
      answerBy(client, failure, record, deps, destination.upstream);
    },
  });
}

/** An ordinary answer to a handshake, such as 401 or 404, goes to the client as it is. */
function relayAnswer(response: IncomingMessage, client: Downstream, record: ExchangeRecord): void {
  const headers = forClient(response.rawHeaders);
  record.status = response.statusCode ?? 502;
  record.responseHeaders = headers;
  client.respond(record.status, response.statusMessage ?? '', headers, false);
  client.onDrain(() => response.resume());
  client.onClose(() => response.destroy());
  response.on('data', (chunk: Buffer) => {
    if (!client.write(chunk)) response.pause();
  });
  response.on('end', () => client.end([]));
  response.on('error', () => client.abort());
}
