import http from 'node:http';
import type { Duplex } from 'node:stream';
import { answerClientError } from './client-error.ts';
import { answerFailure, type OwnAnswer, type OwnAnswerSettings } from './error-page.ts';
import { hostUnknown, proxyLoop } from './failures.ts';
import { countHops } from './headers.ts';
import type { Limits } from './limits.ts';
import { isFailure, parseRequestTarget, type RequestHead } from './request-target.ts';
import type { HeaderList } from './types.ts';

export interface RedirectFacts extends OwnAnswerSettings {
  readonly httpsPort: number;
  readonly hostnames: readonly string[];
}

/**
 * What plain http is answered: the same address with https. 308 keeps method and body (RFC 9110, section 15.4.9).
 * Not to be remembered, so that nobody is kept away from a host's plain http after jwt-dev is gone.
 */
export function answerPlainHttp(request: RequestHead, facts: RedirectFacts): OwnAnswer {
  const target = parseRequestTarget(request);
  if (isFailure(target)) return answerFailure(target, request, facts);
  if (!facts.hostnames.includes(target.hostname)) {
    return answerFailure(hostUnknown(target.hostname, facts.hostnames), request, facts);
  }
  // A request that has been through the proxy comes from an upstream that leads back to it.
  const hops = countHops(request.headers);
  if (hops > 0) return answerFailure(proxyLoop(target.hostname, hops), request, facts);
  const port = facts.httpsPort === 443 ? '' : `:${facts.httpsPort}`;
  const headers: HeaderList = [
    'location',
    // The URI of `*` is the one without a path (RFC 9112, section 3.2.4).
    `https://${target.hostname}${port}${target.path === '*' ? '' : target.path}`,
    'content-length',
    '0',
    'cache-control',
    'no-store',
  ];
  return { status: 308, headers, body: '' };
}

export interface RedirectServer {
  accept(socket: Duplex): void;
  close(): void;
}

/** Plain http on connections that are handed to it. One answer each. */
export function createRedirectServer(facts: () => RedirectFacts, limits: Limits): RedirectServer {
  const server = http.createServer({
    requireHostHeader: false,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.requestHeadersTimeoutMs,
    requestTimeout: limits.requestHeadersTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, limits.requestHeadersTimeoutMs),
  });
  server.on('request', (request, response) => {
    response.on('error', ignore);
    const { method = 'GET', url = '/', rawHeaders } = request;
    const answer = answerPlainHttp(
      { method, target: url, authority: undefined, headers: rawHeaders },
      facts(),
    );
    const fields = [...answer.headers, 'connection', 'close'];
    response.writeHead(answer.status, fields as unknown as Record<string, string>);
    response.end(method === 'HEAD' ? undefined : answer.body);
    request.resume();
  });
  server.on('clientError', (error, socket) => answerClientError(error, socket, [], facts()));
  // See http1-server.ts: Node looks for slow clients only after this.
  server.emit('listening');
  return {
    accept: (socket) => server.emit('connection', socket),
    close: () => {
      server.close(ignore);
      server.closeIdleConnections();
    },
  };
}

function ignore(): void {
  // A client that left before its answer, or a server that was not listening: nothing is left to do.
}
