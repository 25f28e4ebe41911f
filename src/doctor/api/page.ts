import { PROBE_AGENT } from '../../control/identity.ts';
import { fromLatin1 } from '../../verdicts/cookies/bytes.ts';
import { createCookieJar } from '../../verdicts/cookies/jar.ts';
import type {
  Cookie,
  CookieJar,
  CookieRequest,
  CookieResponse,
  LineVerdict,
} from '../../verdicts/cookies/types.ts';
import { checkAnswer } from '../../verdicts/cors/access-check.ts';
import { checkPreflight, needsPreflight } from '../../verdicts/cors/preflight.ts';
import type { CorsProblem, CorsRequest, HeaderPairs, HttpAnswer } from '../../verdicts/cors/types.ts';
import { valuesOf } from '../../verdicts/header-pairs.ts';
import type { Probe, ProbeAnswer } from '../facts/probe.ts';
import type { ApiTarget } from './target.ts';

export interface PageRequest {
  readonly method: string;
  /** Below the origin: `/auth/login/`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Cookies that are sent instead of the jar's: what an old browser may still have. */
  readonly cookies?: string;
}

/** What became of one `fetch(…, { credentials: 'include' })` of the page. */
export interface Visit {
  readonly method: string;
  readonly path: string;
  /** 0: no answer came. */
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: string;
  /** Why there is no answer; null: there is one, or the preflight forbade to ask. */
  readonly silent: string | null;
  /** null: the request needs none. */
  readonly preflight: { readonly answer: HttpAnswer; readonly problem: CorsProblem | null } | null;
  /** What a browser would say of the answer; null: the page may read it. */
  readonly problem: CorsProblem | null;
  /** The verdict on each Set-Cookie line. */
  readonly lines: readonly LineVerdict[];
}

/** A tab of the frontend with a cookie jar of its own, as Chromium would behave. */
export interface Page {
  fetch(request: PageRequest): Promise<Visit>;
  cookies(): readonly Cookie[];
  /** The cookies that a request for this path carries. */
  cookiesFor(path: string): readonly Cookie[];
  /** What the page's own script can read on its own origin. */
  readable(): string;
}

export interface PageWorld {
  readonly probe: Probe;
  readonly now: () => Date;
  /** Default: doctor's own, whose tries are no findings. */
  readonly userAgent?: string;
  /** As a browser does: what its preflight does not allow is not sent. Otherwise it is, to see the answer too. */
  readonly obeysPreflight?: boolean;
}

/**
 * @param origin of the page, for the question whether others may read as well.
 */
export function openPage(
  target: ApiTarget,
  { probe, now, userAgent = PROBE_AGENT, obeysPreflight = false }: PageWorld,
  origin: string = target.pageOrigin,
): Page {
  const jar: CookieJar = createCookieJar({ thirdPartyCookies: 'allowed' });
  const cookieRequest = (method: string, path: string): CookieRequest => ({
    url: `${target.origin}${path}`,
    method,
    target: 'subresource',
    initiator: origin,
    topLevel: origin,
    credentials: true,
  });
  const ask = (method: string, path: string, headers: Readonly<Record<string, string>>, body?: string) =>
    probe({
      ...target.way,
      method,
      path,
      headers: { 'user-agent': userAgent, ...target.headers, ...headers },
      ...(body === undefined ? {} : { body }),
    });

  return {
    async fetch({ method, path, json, headers: own = {}, cookies }) {
      const body = json === undefined ? undefined : JSON.stringify(json);
      const scripted = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...own };
      const corsRequest: CorsRequest = {
        url: `${target.origin}${path}`,
        method,
        headers: Object.entries(scripted),
        pageOrigin: origin,
        credentials: 'include',
        mode: 'cors',
        redirect: 'follow',
      };
      const context = {
        origin,
        'sec-fetch-site': origin === target.pageOrigin ? 'same-site' : 'cross-site',
        'sec-fetch-mode': 'cors',
        'sec-fetch-dest': 'empty',
      };
      const need = needsPreflight(corsRequest);
      let preflight: Visit['preflight'] = null;
      if (need !== null) {
        const answer = await ask('OPTIONS', path, {
          ...context,
          'access-control-request-method': method,
          ...(need.headers.length === 0 ? {} : { 'access-control-request-headers': need.headers.join(',') }),
        });
        if (answer.kind === 'silent') return noVisit(method, path, answer.why);
        const given = answerOf(answer);
        const problem = checkPreflight(corsRequest, given);
        preflight = { answer: given, problem };
        if (problem !== null && obeysPreflight) return { ...noVisit(method, path, null), preflight, problem };
      }
      const request = cookieRequest(method, path);
      const sent = jar.send(request, now().getTime());
      const cookieHeader = cookies ?? sent.cookieHeader;
      const answer = await ask(
        method,
        path,
        {
          accept: 'application/json',
          ...context,
          ...scripted,
          ...(cookieHeader === '' ? {} : { cookie: cookieHeader }),
        },
        body,
      );
      if (answer.kind === 'silent') return { ...noVisit(method, path, answer.why), preflight };
      const given = answerOf(answer);
      return {
        method,
        path,
        status: given.status,
        headers: given.headers,
        body: answer.body,
        silent: null,
        preflight,
        problem: checkAnswer(corsRequest, given),
        lines: jar.receive({ request, ...cookieHeaders(given) }, now().getTime()),
      };
    },
    cookies: () => jar.all(now().getTime()),
    cookiesFor: (path) => jar.send(cookieRequest('POST', path), now().getTime()).sent,
    readable: () => jar.documentCookie(`${origin}/`, now().getTime()),
  };
}

/** What an answer says of cookies. */
function cookieHeaders({ headers }: HttpAnswer): Omit<CookieResponse, 'request'> {
  const [date] = valuesOf(headers, 'date');
  return {
    setCookie: valuesOf(headers, 'set-cookie').map(fromLatin1),
    clearSiteData: valuesOf(headers, 'clear-site-data'),
    ...(date === undefined ? {} : { date }),
  };
}

function answerOf(answer: Extract<ProbeAnswer, { kind: 'answered' }>): HttpAnswer {
  return { status: answer.status, headers: answer.headerPairs };
}

function noVisit(method: string, path: string, why: string | null): Visit {
  return {
    method,
    path,
    status: 0,
    headers: [],
    body: '',
    silent: why,
    preflight: null,
    problem: null,
    lines: [],
  };
}
