import { parseCookieDate } from './cookie-date.ts';

/** RFC 6265bis 5.5: no cookie lives longer than 400 days. */
export const MAX_LIFETIME_MS = 400 * 24 * 60 * 60 * 1000;

/** Before every clock: the cookie is deleted. */
const LONG_AGO = Number.NEGATIVE_INFINITY;

function requestedExpiry(
  maxAge: string | undefined,
  expires: string | undefined,
  nowMs: number,
  serverDate: string | undefined,
): number | null {
  // Max-Age wins if it is a number (5.6.2); anything else in it, fractions too, is as if it were absent.
  if (maxAge !== undefined && /^[+-]?\d+$/.test(maxAge)) {
    const seconds = Number(maxAge);
    return seconds <= 0 ? LONG_AGO : nowMs + seconds * 1000;
  }
  const expiry = expires === undefined ? null : parseCookieDate(expires);
  if (expiry === null || serverDate === undefined) return expiry;
  return expiry + nowMs - (parseCookieDate(serverDate) ?? nowMs);
}

/**
 * When the cookie ends, in milliseconds since 1970 (`-Infinity`: at once), `null` for a session cookie.
 * `serverDate` is the answer's Date header: Expires is read by the server's clock, as Chromium does, so that a
 * server whose clock is wrong still gets the lifetime it meant.
 */
export function expiryOf(
  maxAge: string | undefined,
  expires: string | undefined,
  nowMs: number,
  serverDate?: string,
): number | null {
  const expiry = requestedExpiry(maxAge, expires, nowMs, serverDate);
  return expiry === null ? null : Math.min(expiry, nowMs + MAX_LIFETIME_MS);
}

export const isExpired = (expires: number | null, nowMs: number): boolean =>
  expires !== null && expires <= nowMs;
