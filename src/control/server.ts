import { createHash, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { EXIT, JwtDevError, messageOf } from '../errors.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import { listen } from '../system/ports.ts';

export interface ControlRequest {
  readonly query: URLSearchParams;
  /** Ends when the client has left: long polls stop waiting then. */
  readonly signal: AbortSignal;
}

export interface ControlAnswer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: unknown;
}

export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Needs no secret: it reveals nothing that a connection attempt would not. */
  readonly open?: boolean;
  readonly answer: (request: ControlRequest) => Promise<ControlAnswer> | ControlAnswer;
}

export interface ControlServerDeps {
  readonly secret: string;
  readonly routes: readonly ControlRoute[];
  readonly ports: PortHolderDeps;
  readonly onError: (error: unknown) => void;
}

export interface ControlServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const ADDRESS = '127.0.0.1';
/** Commands and probes ask one short question each. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * A plain http server on a free port of loopback, for commands, probes and tests. A page of another site can send
 * requests here, so the Host header must be ours (DNS rebinding), nothing is granted by CORS, and whatever reveals or changes
 * something needs the instance's secret as a bearer token (RFC 6750, section 2.1).
 */
export async function openControlServer(deps: ControlServerDeps): Promise<ControlServer> {
  const server = http.createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request, response, deps).then(
      (found) => send(response, found),
      (error: unknown) => {
        // Whoever waited for something and left is told nothing.
        if (response.destroyed) return;
        if (error instanceof JwtDevError && error.exitCode === EXIT.usage) {
          send(response, refusal(400, error.code, `${error.message}. ${error.hint ?? ''}`.trim()));
          return;
        }
        deps.onError(error);
        send(response, refusal(500, 'ERR_INTERNAL', messageOf(error)));
      },
    );
  });
  const port = await listen(server, { port: 0, host: ADDRESS }, deps.ports);
  return {
    url: `http://${ADDRESS}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { routes, secret }: ControlServerDeps,
): Promise<ControlAnswer> {
  // Nothing here takes a body.
  request.resume();
  if (!isOurHost(request)) return refusal(403, 'ERR_HOST', 'The Host header is not the one of this server.');
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  const here = routes.filter((route) => route.path === pathname);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = here.find((candidate) => candidate.method === method);
  if (here.length > 0 && route === undefined) {
    response.setHeader('Allow', here.map((candidate) => candidate.method).join(', '));
    return refusal(405, 'ERR_METHOD', `${pathname} does not know ${request.method}.`);
  }
  if (route?.open !== true && !knowsSecret(request, secret)) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    return refusal(401, 'ERR_SECRET', 'The secret of this environment is missing or wrong.');
  }
  if (route === undefined) return refusal(404, 'ERR_NOT_FOUND', `There is nothing at ${pathname}.`);
  const leave = new AbortController();
  response.once('close', () => leave.abort());
  return route.answer({ query: searchParams, signal: leave.signal });
}

/** Only names that always mean this machine; a rebound name stands for itself in the header. */
function isOurHost(request: http.IncomingMessage): boolean {
  const port = request.socket.localPort;
  return [`${ADDRESS}:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(
    request.headers.host?.toLowerCase() ?? '',
  );
}

/** Hashed first: equal lengths for the comparison, which must not tell how much was right. */
function knowsSecret(request: http.IncomingMessage, secret: string): boolean {
  const sent = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(sent), hash(secret));
}

function refusal(status: number, code: string, message: string): ControlAnswer {
  return { status, body: { error: { code, message } } };
}

function send(response: http.ServerResponse, { status, body }: ControlAnswer): void {
  if (response.destroyed) return;
  response.on('error', () => undefined);
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : `${JSON.stringify(body)}\n`);
}
