import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { corsHeaders, isOfPage, PREFLIGHT_HEADERS } from './access.ts';
import { cookieEndpoints, type Endpoints, frontendEndpoints } from './endpoints.ts';
import { isPageFile, readPageFile } from './page-files.ts';
import { CHECK_PREFIX, sideOf } from './places.ts';
import { Refusal } from './read-json.ts';
import { type Answer, refusal, send, wrongMethod } from './respond.ts';
import { createCheckRuns } from './runs.ts';
import { createEchoSockets } from './socket.ts';
import { languageOf, STAGE_PATH } from './stage.ts';
import type { CheckRun, CheckSettings, CheckWish, OpenedCheckRun } from './types.ts';

export interface BrowserCheckDeps {
  readonly settings: CheckSettings;
  readonly now: () => Date;
  /** A clock in milliseconds that never goes back. */
  readonly clock: () => number;
  /** Unguessable: 128 random bits, in hexadecimal. */
  readonly newId: () => string;
  /** Told what went wrong here and is nobody else's fault. */
  readonly onError: (error: unknown) => void;
}

export interface BrowserCheck {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Answers a WebSocket handshake. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Opens a run for a browser that is sent to its URL. */
  readonly openRun: (wish: CheckWish) => OpenedCheckRun;
  /** See `CheckRuns.read`. */
  readonly readRun: (
    id: string,
    waitMs: number,
    signal: AbortSignal,
    known?: number,
  ) => Promise<CheckRun | undefined>;
  /** Ends the WebSockets that are open. */
  readonly close: () => void;
}

/** The server's half of the browser check: an upstream of the proxy, so that it is reached as any backend is. */
export function createBrowserCheck(deps: BrowserCheckDeps): BrowserCheck {
  const { settings, onError } = deps;
  const runs = createCheckRuns(deps);
  const sockets = createEchoSockets();
  const sides = {
    frontend: { ...cookieEndpoints('frontend', deps), ...frontendEndpoints(runs, settings) },
    api: cookieEndpoints('api', deps),
  };
  return {
    handle: (request, response) => {
      answer(request, sides, settings).then(
        (found) => send(request, response, found),
        (error: unknown) => {
          // Whoever left in the middle of a body is told nothing, and it is no failure.
          if (!(error instanceof Refusal) && !response.destroyed) onError(error);
          const status = error instanceof Refusal ? error.status : 500;
          const message = error instanceof Refusal ? error.message : 'The browser check failed.';
          send(request, response, { ...refusal(status, message), headers: crossOrigin(request, settings) });
        },
      );
    },
    upgrade: (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      const [path] = (request.url ?? '').split('?');
      const isHere =
        path === `${CHECK_PREFIX}/socket` && sideOf(request.headers.host, settings) !== 'elsewhere';
      // WebSockets know no CORS: the Origin is all that tells one page from another (RFC 6455, section 10.2).
      if (!isHere) refuseUpgrade(socket, '404 Not Found');
      else if (request.headers.origin !== settings.frontend) refuseUpgrade(socket, '403 Forbidden');
      else sockets.accept(request, socket, head);
    },
    openRun: (wish) => {
      const id = runs.open(wish);
      const page = `${settings.frontend}${CHECK_PREFIX}`;
      const stage = { url: `${page}${STAGE_PATH}`, language: languageOf(id) };
      return { id, url: `${page}?run=${id}`, stage };
    },
    readRun: runs.read,
    close: sockets.close,
  };
}

async function answer(
  request: IncomingMessage,
  sides: Readonly<Record<'frontend' | 'api', Endpoints>>,
  settings: CheckSettings,
): Promise<Answer> {
  const side = sideOf(request.headers.host, settings);
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const { method = '' } = request;
  if (path === CHECK_PREFIX && side !== 'frontend') {
    // Whoever opens it on another host means the page.
    return { status: 302, headers: { location: `${settings.frontend}${CHECK_PREFIX}` } };
  }
  if (side === 'elsewhere')
    return refusal(404, `The browser check is at ${settings.frontend}${CHECK_PREFIX}.`);
  if (side === 'frontend' && isPageFile(path)) {
    if (method !== 'GET' && method !== 'HEAD') return wrongMethod(['GET', 'HEAD']);
    return { status: 200, ...(await readPageFile(path, settings)) };
  }
  const at = path.slice(CHECK_PREFIX.length);
  const endpoints = Object.hasOwn(sides[side], at) ? sides[side][at] : undefined;
  if (endpoints === undefined) return refusal(404, `There is nothing at ${path}.`);
  if (!isOfPage(request, side, settings))
    return refusal(403, 'This is for the page of the browser check only.');
  const headers = crossOrigin(request, settings);
  if (side === 'api' && method === 'OPTIONS')
    return { status: 204, headers: { ...headers, ...PREFLIGHT_HEADERS } };
  const endpoint = Object.hasOwn(endpoints, method) ? endpoints[method] : undefined;
  if (endpoint === undefined) return wrongMethod(Object.keys(endpoints));
  const found = await endpoint(request, new URLSearchParams(query));
  return { ...found, headers: { ...headers, ...found.headers } };
}

/** What lets the page read an answer of the API's side; nobody else's page gets it. */
function crossOrigin(request: IncomingMessage, settings: CheckSettings): Readonly<Record<string, string>> {
  if (sideOf(request.headers.host, settings) !== 'api') return {};
  return isOfPage(request, 'api', settings)
    ? { vary: 'Origin', ...corsHeaders(settings) }
    : { vary: 'Origin' };
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
