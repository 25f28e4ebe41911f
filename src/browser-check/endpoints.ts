import type { IncomingMessage } from 'node:http';
import { deletingLines, describeCookies, settingLines } from './cookies.ts';
import { readJson } from './read-json.ts';
import { type Answer, refusal } from './respond.ts';
import type { CheckRuns } from './runs.ts';
import { nonceShape, progressShape } from './shapes.ts';
import { HOLD_PATH, runOfLanguage, STAGE_PATH, stagePage } from './stage.ts';
import type { CheckEcho, CheckProgress, CheckSettings } from './types.ts';

type Endpoint = (request: IncomingMessage, query: URLSearchParams) => Promise<Answer> | Answer;
/** By path below the prefix, and by method. */
export type Endpoints = Readonly<Record<string, Readonly<Partial<Record<string, Endpoint>>>>>;

const REPORT_LIMIT = 256 * 1_024;
const COOKIES_LIMIT = 1_024;
/** A run is over by then, whatever became of it. */
const LONGEST_HOLD_MS = 120_000;

/** Of the page's own host alone. */
export function frontendEndpoints(runs: CheckRuns, settings: CheckSettings): Endpoints {
  return {
    '/settings': { GET: () => ({ status: 200, body: settings }) },
    '/run': {
      GET: (_request, query) => {
        const task = runs.take(query.get('id') ?? '');
        return task === undefined
          ? refusal(404, 'There is no such run, it is over, or it has begun already.')
          : { status: 200, body: task };
      },
    },
    [STAGE_PATH]: {
      GET: ({ headers }) => {
        const id = runOfLanguage(headers['accept-language']);
        return id !== null && runs.isNew(id)
          ? stagePage(id)
          : refusal(404, 'There is no such run, it is over, or it has begun already.');
      },
    },
    [HOLD_PATH]: {
      GET: async ({ socket }, query) => {
        const gone = new AbortController();
        const leave = (): void => gone.abort();
        socket.once('close', leave);
        const run = await runs.read(query.get('id') ?? '', LONGEST_HOLD_MS, gone.signal);
        socket.off('close', leave);
        return run === undefined ? refusal(404, 'There is no such run, or it is over.') : { status: 204 };
      },
    },
    '/report': {
      POST: async (request, query) => {
        const parsed = progressShape.safeParse(await readJson(request, REPORT_LIMIT));
        if (!parsed.success) return refusal(400, 'The body is no report.');
        const isKnown = runs.report(query.get('id') ?? '', parsed.data as CheckProgress);
        return isKnown ? { status: 204 } : refusal(404, 'There is no such run, or it is over.');
      },
    },
  };
}

/** Of both hosts. */
export function cookieEndpoints(
  side: 'frontend' | 'api',
  { settings, now }: { readonly settings: CheckSettings; readonly now: () => Date },
): Endpoints {
  const tokenNames = [settings.accessCookie, settings.refreshCookie];
  const echo = ({ headers }: IncomingMessage): CheckEcho => ({
    cookies: describeCookies(headers.cookie, tokenNames),
    fetchSite: headers['sec-fetch-site']?.toString() ?? null,
    now: now().getTime(),
  });
  return {
    '/echo': { GET: (request) => ({ status: 200, body: echo(request) }) },
    '/cookies': {
      POST: async (request) => {
        const parsed = nonceShape.safeParse(await readJson(request, COOKIES_LIMIT));
        if (!parsed.success)
          return refusal(400, 'The body must be {"nonce": "…"}: 16 to 64 letters, digits, - or _.');
        const lines = settingLines(side, settings.site, parsed.data.nonce);
        return { status: 200, headers: { 'set-cookie': lines }, body: echo(request) };
      },
      DELETE: (request) => ({
        status: 200,
        headers: { 'set-cookie': deletingLines(side, settings.site) },
        body: echo(request),
      }),
    },
  };
}
