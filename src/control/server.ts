import http from 'node:http';
import type { Duplex } from 'node:stream';
import { EXIT, JwtDevError, messageOf } from '../errors.ts';
import type { PortHolderDeps } from '../system/port-holder.ts';
import { listen } from '../system/ports.ts';
import { knowsSecret, refuseForeign } from './access.ts';
import { readJson } from './json-body.ts';
import { Refusal, refused } from './refusal.ts';
import type { ControlAnswer, ControlRoute } from './route.ts';
import { send } from './send.ts';

export interface ControlServerDeps {
  readonly secret: string;
  readonly routes: readonly ControlRoute[];
  readonly ports: PortHolderDeps;
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<ControlLimits>;
}

export interface ControlLimits {
  /** For a request to arrive as a whole. Answers may take and last as long as they like. */
  readonly requestMs: number;
  /** How often it is looked for requests that take longer. */
  readonly checkMs: number;
  /** How often a stream of events says that it lives. */
  readonly heartbeatMs: number;
}

export interface ControlServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends streams and whatever else is under way at once. */
  readonly close: () => Promise<void>;
}

const ADDRESS = '127.0.0.1';
/** Commands, probes and the page ask short questions. */
const LIMITS: ControlLimits = { requestMs: 10_000, checkMs: 2_000, heartbeatMs: 15_000 };

/**
 * A plain http server on a free port of loopback, for commands, probes, tests and the inspector's page. Pages of other
 * sites can send requests here: see `refuseForeign` for what becomes of them. Nothing is granted by CORS, and whatever
 * reveals or changes something needs the instance's secret as a bearer token.
 */
export async function openControlServer(deps: ControlServerDeps): Promise<ControlServer> {
  const { requestMs, checkMs, heartbeatMs } = { ...LIMITS, ...deps.limits };
  const timeouts = { requestTimeout: requestMs, connectionsCheckingInterval: checkMs };
  const server = http.createServer(timeouts, (request, response) => {
    answer(request, response, deps)
      .catch((error: unknown) => answerFailure(error, response, deps))
      .then((found) => send(response, found, heartbeatMs))
      .catch(deps.onError);
  });
  server.on('upgrade', refuseUpgrade);
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
  const { headers, url = '/', method: asked = 'GET' } = request;
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2);
  const method = asked === 'HEAD' ? 'GET' : asked;
  const here = routes.filter((candidate) => candidate.path === path);
  const route = here.find((candidate) => candidate.method === method);
  const isPage = route?.isPage === true;
  const foreign = refuseForeign({ method: asked, headers, port: request.socket.localPort ?? 0, isPage });
  if (foreign !== undefined) throw foreign;
  if (here.length > 0 && route === undefined) {
    response.setHeader('Allow', here.map((candidate) => candidate.method).join(', '));
    throw new Refusal(405, 'ERR_METHOD', `${path} does not know ${asked}.`);
  }
  if (route?.open !== true && !knowsSecret(headers, secret)) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    throw new Refusal(401, 'ERR_SECRET', 'The secret of this environment is missing or wrong.');
  }
  if (route === undefined) throw new Refusal(404, 'ERR_NOT_FOUND', `There is nothing at ${path}.`);
  const leave = new AbortController();
  response.once('close', () => leave.abort());
  return route.answer({
    query: new URLSearchParams(query),
    signal: leave.signal,
    json: () => readJson(request),
  });
}

function answerFailure(error: unknown, { destroyed }: http.ServerResponse, deps: ControlServerDeps) {
  if (error instanceof Refusal) return refused(error);
  if (error instanceof JwtDevError && error.exitCode === EXIT.usage)
    return refused(new Refusal(400, error.code, `${error.message}. ${error.hint ?? ''}`.trim()));
  // Whoever waited for something and left is told nothing, and it is no failure.
  if (!destroyed) deps.onError(error);
  return refused(new Refusal(500, 'ERR_INTERNAL', messageOf(error)));
}

/** There is no WebSocket here; it is refused as what other origins may open without being asked first. */
function refuseUpgrade(_request: http.IncomingMessage, socket: Duplex): void {
  const { body } = refused(new Refusal(403, 'ERR_UPGRADE', 'There is no WebSocket here.'));
  const text = `${JSON.stringify(body)}\n`;
  // A client that has left already is no failure of ours.
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    () => socket.destroy(),
  );
}
