import { valuesOf } from '../header-pairs.ts';
import type { WatchSettings } from '../watch/types.ts';
import type { HarReading } from './types.ts';

/** What the user said; the rest is guessed. Origins or URLs. */
export interface KnownSettings {
  readonly frontend?: string;
  readonly api?: string;
}

const ACCESS_COOKIE = 'jwt-access-token';
const REFRESH_COOKIE = 'jwt-refresh-token';
const AUTH_PATH = /\/(?:auth|api|login|logout|token|refresh|user|me|session)s?(?:\/|$)/i;

/**
 * The page and the API of a recording: the API is what pages of another origin ask most often, the page is who asks it.
 * @returns null where the file has no request from a page to another origin and the user did not say either.
 */
export function guessSettings(reading: HarReading, known: KnownSettings = {}): WatchSettings | null {
  const byOrigin = callsBy('origin', reading);
  // Requests that were refused are recorded without the headers that the browser adds last.
  const calls = byOrigin.length > 0 ? byOrigin : callsBy('referer', reading);
  const frontendSaid = originOf(known.frontend);
  const apiSaid = originOf(known.api);
  const fitting = calls.filter(({ from, to }) => (frontendSaid ?? from) === from && (apiSaid ?? to) === to);
  const api = apiSaid ?? heaviest(fitting.map(({ to, weight }) => [to, weight]));
  const frontend =
    frontendSaid ??
    heaviest(fitting.filter(({ to }) => to === api).map(({ from, weight }) => [from, weight])) ??
    reading.documents.map((url) => new URL(url).origin).find((origin) => origin !== api);
  if (api === undefined || frontend === undefined) return null;
  const names = cookieNames(reading);
  return {
    frontendOrigin: frontend,
    apiOrigin: api,
    accessCookie: names.find((name) => !/refresh/i.test(name)) ?? ACCESS_COOKIE,
    refreshCookie: names.find((name) => /refresh/i.test(name)) ?? REFRESH_COOKIE,
    hostnames: [...new Set([new URL(frontend).hostname, new URL(api).hostname])],
  };
}

interface Call {
  readonly from: string;
  readonly to: string;
  readonly weight: number;
}

/** Requests to another origin than the one that a header says they come from. */
function callsBy(header: 'origin' | 'referer', reading: HarReading): readonly Call[] {
  return reading.exchanges.flatMap(({ url, requestHeaders, method }) => {
    const [value] = valuesOf(requestHeaders, header);
    const from = value !== undefined && URL.canParse(value) ? new URL(value).origin : 'null';
    const { origin: to, pathname } = new URL(url);
    if (from === 'null' || from === to) return [];
    return [{ from, to, weight: 1 + (AUTH_PATH.test(pathname) ? 5 : 0) + (method === 'POST' ? 1 : 0) }];
  });
}

function originOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).origin;
}

function heaviest(weighted: readonly (readonly [origin: string, weight: number])[]): string | undefined {
  const sums = new Map<string, number>();
  for (const [origin, weight] of weighted) sums.set(origin, (sums.get(origin) ?? 0) + weight);
  return [...sums].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** Names of cookies that were set or sent with a JWT in them. */
function cookieNames(reading: HarReading): readonly string[] {
  const names = new Set<string>();
  for (const { requestHeaders, responseHeaders } of reading.exchanges) {
    for (const [name, value] of [...requestHeaders, ...responseHeaders]) {
      if (!/^(?:set-)?cookie$/i.test(name)) continue;
      for (const [, cookie] of value.matchAll(/(?:^|; ?)([^\s;=]{1,100})=eyJ/g))
        if (cookie !== undefined) names.add(cookie);
    }
  }
  return [...names];
}
