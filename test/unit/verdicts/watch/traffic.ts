import type { Finding } from '../../../../src/verdicts/findings/types.ts';
import { createWatch } from '../../../../src/verdicts/watch/create-watch.ts';
import type {
  HeaderPairs,
  WatchedExchange,
  WatchedHandshake,
  WatchSettings,
} from '../../../../src/verdicts/watch/types.ts';

export const SETTINGS: WatchSettings = {
  frontendOrigin: 'https://example.com',
  apiOrigin: 'https://api.example.com',
  accessCookie: 'jwt-access-token',
  refreshCookie: 'jwt-refresh-token',
  hostnames: ['example.com', 'api.example.com'],
};

export const START = Date.parse('2026-11-23T12:00:00Z');

export const CHROMIUM =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';

const CLIENT_HINTS: HeaderPairs = [
  ['sec-ch-ua', '"Chromium";v="156", "Not;A=Brand";v="8"'],
  ['sec-ch-ua-mobile', '?0'],
  ['sec-ch-ua-platform', '"Linux"'],
];

/** The headers with which django-cors-headers and the bundled API answer the frontend. */
export const CORS: HeaderPairs = [
  ['Access-Control-Allow-Origin', 'https://example.com'],
  ['Access-Control-Allow-Credentials', 'true'],
  ['Vary', 'Origin'],
];

export const PREFLIGHT_ANSWER: HeaderPairs = [
  ...CORS,
  [
    'Access-Control-Allow-Headers',
    'accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with',
  ],
  ['Access-Control-Allow-Methods', 'DELETE, GET, OPTIONS, PATCH, POST, PUT'],
  ['Access-Control-Max-Age', '86400'],
];

export interface Options {
  readonly at?: number;
  readonly durationMs?: number;
  readonly status?: number;
  readonly cookie?: string;
  readonly setCookie?: readonly string[];
  readonly request?: HeaderPairs;
  readonly answer?: HeaderPairs;
  readonly refusal?: string;
  readonly canary?: WatchedExchange['canary'];
  readonly userAgent?: string;
  readonly origin?: string;
  readonly more?: Partial<WatchedExchange>;
}

export interface Traffic {
  /** A document of the frontend. */
  readonly page: (path?: string, options?: Options) => readonly Finding[];
  /** A script of the frontend calls the API. */
  readonly call: (method: string, path: string, options?: Options) => readonly Finding[];
  readonly preflight: (
    method: string,
    path: string,
    headers: string,
    options?: Options,
  ) => readonly Finding[];
  /** Anything else. */
  readonly raw: (method: string, url: string, options?: Options) => readonly Finding[];
  readonly handshake: (code: string, servername: string | null, at?: number) => readonly Finding[];
  /** Moves the clock of whatever comes next. */
  readonly wait: (ms: number) => void;
  readonly found: Finding[];
}

/** Traffic of a browser on the frontend's page, as the proxy hands it on: each exchange 100 ms after the one before. */
export function createTraffic(settings: WatchSettings = SETTINGS): Traffic {
  const watch = createWatch(settings);
  const found: Finding[] = [];
  let now = START;
  let ids = 0;

  const add = (findings: readonly Finding[]): readonly Finding[] => {
    found.push(...findings);
    return findings;
  };
  const raw: Traffic['raw'] = (method, url, options = {}) => {
    now += 100;
    ids += 1;
    const { cookie, setCookie = [], request = [], answer = [] } = options;
    const at = options.at ?? now;
    const durationMs = options.durationMs ?? 20;
    return add(
      watch.exchange({
        id: `x${ids}`,
        kind: 'http',
        at,
        durationMs,
        url,
        method,
        requestHeaders: [
          ['host', new URL(url).host],
          ...request,
          ...(cookie === undefined ? [] : [['cookie', cookie] as const]),
        ],
        status: options.status ?? 200,
        responseHeaders: [
          ['Date', new Date(at + durationMs).toUTCString()],
          ...answer,
          ...setCookie.map((line) => ['Set-Cookie', line] as const),
        ],
        withheldHeaders: [],
        refusal: options.refusal ?? null,
        canary: options.canary ?? 'sent',
        fromBackend: true,
        ...options.more,
      }),
    );
  };
  const browser = (options: Options, fields: HeaderPairs): HeaderPairs => [
    ...CLIENT_HINTS,
    ['user-agent', options.userAgent ?? CHROMIUM],
    ['accept-language', 'en-GB,en;q=0.9'],
    ...fields,
    ...(options.request ?? []),
  ];
  const fetchFields = (options: Options): HeaderPairs => [
    ['accept', '*/*'],
    ['origin', options.origin ?? settings.frontendOrigin],
    ['sec-fetch-site', 'same-site'],
    ['sec-fetch-mode', 'cors'],
    ['sec-fetch-dest', 'empty'],
    ['referer', `${options.origin ?? settings.frontendOrigin}/`],
  ];
  return {
    raw,
    found,
    wait: (ms) => {
      now += ms;
    },
    handshake: (code, servername, at = now) => {
      const handshake: WatchedHandshake = { at, code, servername };
      return add(watch.handshake(handshake));
    },
    page: (path = '/', options = {}) =>
      raw('GET', `${settings.frontendOrigin}${path}`, {
        answer: [['content-type', 'text/html']],
        ...options,
        request: browser(options, [
          ['accept', 'text/html,application/xhtml+xml'],
          ['sec-fetch-site', 'none'],
          ['sec-fetch-mode', 'navigate'],
          ['sec-fetch-user', '?1'],
          ['sec-fetch-dest', 'document'],
        ]),
      }),
    call: (method, path, options = {}) =>
      raw(method, `${settings.apiOrigin}${path}`, {
        answer: CORS,
        ...options,
        request: browser(options, fetchFields(options)),
      }),
    preflight: (method, path, headers, options = {}) =>
      raw('OPTIONS', `${settings.apiOrigin}${path}`, {
        answer: PREFLIGHT_ANSWER,
        canary: 'not-sent',
        ...options,
        request: browser(options, [
          ...fetchFields(options),
          ['access-control-request-method', method],
          ...(headers === '' ? [] : [['access-control-request-headers', headers] as const]),
        ]),
      }),
  };
}

export function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ code }) => code);
}

const base64url = (value: unknown): string =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** A JWT whose signature nobody made. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  return `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}.c2lnbmF0dXJlLW9mLW5vYm9keQ`;
}

/** As the bundled API and dj-rest-auth set it. */
export function tokenCookie(name: string, value: string, seconds: number, at: number, extra = ''): string {
  return `${name}=${value}; expires=${new Date(at + seconds * 1000).toUTCString()}; HttpOnly; Max-Age=${seconds}; Path=/; SameSite=Lax; Secure${extra}`;
}

export function deletion(name: string, path = '/', extra = ''): string {
  return `${name}=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=${path}; SameSite=Lax${extra}`;
}
