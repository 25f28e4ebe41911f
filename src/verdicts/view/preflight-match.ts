import { isPreflight, type Sight } from '../watch/sight.ts';

/** A day: no browser caches a preflight for longer (Firefox's limit; Chromium's is two hours). */
const LONGEST_CACHED_MS = 24 * 60 * 60 * 1000;
/** A request follows its preflight at once, but its answer may take a while. */
const FOLLOWS_WITHIN_MS = 60_000;

/** Whether a preflight asked for this request: same browser, page, URL and method, and an answer before the request began. */
export function isPreflightOf(preflight: Sight, request: Sight): boolean {
  if (!isPreflight(preflight) || isPreflight(request)) return false;
  return (
    preflight.askedMethod === request.exchange.method &&
    preflight.origin === request.origin &&
    preflight.client === request.client &&
    preflight.exchange.url === request.exchange.url &&
    preflight.exchange.at <= request.exchange.at &&
    request.exchange.at - preflight.end <= LONGEST_CACHED_MS
  );
}

/** Whether a request is the one that a preflight asked for, and not a later one that its answer covers as well. */
export function followsAtOnce(preflight: Sight, request: Sight): boolean {
  return isPreflightOf(preflight, request) && request.exchange.at - preflight.end <= FOLLOWS_WITHIN_MS;
}
