import http from 'node:http';
import net from 'node:net';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { connectRaw, until } from './proxy-clients.ts';
import type { RunningProxy } from './proxy-fixture.ts';

/** How many of each kind are given up; the full figure of 10,000 takes some minutes. */
export const ABORTS = Number(process.env['PROXY_ABORTS'] ?? 300);

export interface AbortingUpstream {
  readonly server: http.Server;
  /** Requests that it has and that are not over. */
  readonly active: Set<http.IncomingMessage>;
}

/** `/wait` never answers, `/begun` begins to, `/reset` breaks off in the middle of its answer, `/drop` before it. */
export function createAbortingUpstream(): AbortingUpstream {
  const active = new Set<http.IncomingMessage>();
  const server = http.createServer((request, response) => {
    active.add(request);
    response.on('close', () => active.delete(request));
    request.on('error', () => undefined);
    request.resume();
    if (request.url === '/quick') response.end('quick');
    if (request.url === '/begun') response.write('begun');
    if (request.url === '/drop') request.socket.resetAndDestroy();
    if (request.url === '/reset') response.write('part', () => request.socket.resetAndDestroy());
  });
  // The proxy keeps an idle connection as long as the upstream says, less a second: each test waits for its end.
  server.keepAliveTimeout = 2_000;
  return { server, active };
}

export interface Abortable {
  readonly socket: TLSSocket;
  /** One of three ways, by number: TLS and TCP closed in order, TCP reset, TCP closed. */
  readonly giveUp: (way: number) => void;
}

/** Connections to the proxy that can be given up in any way. */
export function connectAbortable(
  proxy: RunningProxy,
  count: number,
  protocol: 'h2' | 'http/1.1' = 'http/1.1',
): Promise<Abortable[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const below = net.connect(proxy.httpsPort, '127.0.0.1');
      below.on('error', () => undefined);
      const socket = await connectRaw(proxy, { socket: below, ALPNProtocols: [protocol] });
      const giveUp = (way: number): void => {
        if (way % 3 === 0) socket.end();
        else if (way % 3 === 1) below.resetAndDestroy();
        else below.destroy();
      };
      return { socket, giveUp };
    }),
  );
}

/** What keeps a process alive, by kind: sockets, servers, timers. Client, proxy and upstream of a test share it. */
export function countResources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const resource of process.getActiveResourcesInfo()) counts[resource] = (counts[resource] ?? 0) + 1;
  return counts;
}

const SOCKETS = ['TCPSocketWrap', 'TLSWrap', 'TCPServerWrap', 'HTTP2SESSION', 'HTTP2STREAM'] as const;

/** Waits until there is nothing more than before: no socket, and no request that waits for something. */
export async function untilAsBefore(before: Readonly<Record<string, number>>): Promise<void> {
  await until(() => {
    const now = countResources();
    return SOCKETS.every((kind) => (now[kind] ?? 0) <= (before[kind] ?? 0));
  });
}

/** In batches, so that neither side runs out of ports and each round is at another moment when it is cut. */
export async function inBatches(
  total: number,
  size: number,
  batch: (count: number, round: number) => Promise<void>,
): Promise<void> {
  for (let done = 0, round = 0; done < total; done += size, round += 1) {
    await batch(Math.min(size, total - done), round);
    await nextTurn();
  }
}
