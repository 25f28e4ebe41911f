import { type CookieTrial, tryCookies } from './cookie-trial.ts';
import type { Outcome } from './outcome.ts';
import type { CheckEcho, CheckSettings } from './types.ts';

/** What every check is given. */
export interface World {
  readonly settings: CheckSettings;
  /** Asks the check's own server on the API's host, as a frontend asks its API: across origins, with credentials. */
  readonly askApi: (path: string, request?: OwnRequest) => Promise<CheckEcho>;
  /** The same on the page's own host. */
  readonly askFrontend: (path: string, request?: OwnRequest) => Promise<CheckEcho>;
  /** Sets the cookies, looks which come back, deletes them: once, however many checks want to know. */
  readonly cookies: () => Promise<CookieTrial>;
}

interface OwnRequest {
  readonly method: 'POST' | 'DELETE';
  readonly json?: unknown;
}

export interface Check {
  readonly id: string;
  readonly title: string;
  /** Without an answer of the API's host it cannot be tried. */
  readonly needsApi?: boolean;
  readonly run: (world: World) => Promise<Outcome> | Outcome;
}

export const CHECK_PATH = '/__jwt-dev/check';
/** A lost packet must not hold the page up. */
const ANSWER_MS = 5_000;

export function createWorld(settings: CheckSettings): World {
  let trial: Promise<CookieTrial> | undefined;
  const world: World = {
    settings,
    askApi: (path, request) => ask(settings.api, path, request),
    askFrontend: (path, request) => ask(settings.frontend, path, request),
    cookies: () => {
      trial ??= tryCookies(world);
      return trial;
    },
  };
  return world;
}

async function ask(origin: string, path: string, request?: OwnRequest): Promise<CheckEcho> {
  const answer = await fetch(`${origin}${CHECK_PATH}${path}`, {
    credentials: 'include',
    cache: 'no-store',
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(request === undefined ? {} : { method: request.method }),
    ...(request?.json === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request.json) }),
  });
  if (!answer.ok) throw new Error(`${origin} answered ${answer.status}.`);
  return (await answer.json()) as CheckEcho;
}
