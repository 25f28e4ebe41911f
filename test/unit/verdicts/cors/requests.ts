import { createFetchJudge } from '../../../../src/verdicts/cors/judge.ts';
import type {
  Answerer,
  CorsRequest,
  FetchJudge,
  FetchPage,
  HeaderPairs,
  HttpAnswer,
  JudgeSettings,
} from '../../../../src/verdicts/cors/types.ts';

/** A GET of https://example.com to its API, with what a test changes. */
export function requestOf(change: Partial<CorsRequest> = {}): CorsRequest {
  return {
    url: 'https://api.example.com/auth/user/',
    method: 'GET',
    headers: [],
    pageOrigin: 'https://example.com',
    credentials: 'include',
    mode: 'cors',
    redirect: 'follow',
    ...change,
  };
}

export function answerOf(headers: Readonly<Record<string, string>> | HeaderPairs, status = 200): HttpAnswer {
  return { status, headers: Array.isArray(headers) ? headers : Object.entries(headers) };
}

/** What lets https://example.com read an answer, with credentials. */
export const ALLOWED: HeaderPairs = [
  ['Access-Control-Allow-Origin', 'https://example.com'],
  ['Access-Control-Allow-Credentials', 'true'],
];

/** A browser with a cookie for every https host, on a machine where everything but `*.public.test` is loopback. */
export function judgeWith(change: Partial<JudgeSettings> = {}): FetchJudge {
  return createFetchJudge({
    thirdPartyCookies: 'allowed',
    localNetworkAccess: 'undecided',
    addressSpaceOf: ({ hostname }) => (hostname.endsWith('public.test') ? 'public' : 'loopback'),
    hasCookie: ({ protocol }) => protocol === 'https:',
    ...change,
  });
}

export function pageAt(url: string, change: Partial<FetchPage> = {}): FetchPage {
  return { url, opaque: false, addressSpace: null, ...change };
}

export const PAGE = pageAt('https://example.com/');
export const API = 'https://api.example.com/x';

/** A server that answers by URL; preflights get 204 and leave for everything. */
export function serverOf(answers: Readonly<Record<string, HttpAnswer>>): Answerer {
  return (request) => {
    const { origin } = request;
    if (!request.preflight) return answers[request.url] ?? null;
    return answerOf(
      {
        'access-control-allow-origin': origin ?? 'null',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'PUT, DELETE',
        'access-control-allow-headers': 'content-type, authorization, x-test',
      },
      204,
    );
  };
}

/** Lets `origin` read, with credentials. */
export function allow(origin: string, more: HeaderPairs = []): HttpAnswer {
  return answerOf([
    ['access-control-allow-origin', origin],
    ['access-control-allow-credentials', 'true'],
    ...more,
  ]);
}

/** A redirect that lets `origin` read it. */
export function redirect(location: string, origin = 'https://example.com', status = 302): HttpAnswer {
  return { ...allow(origin, [['location', location]]), status };
}
