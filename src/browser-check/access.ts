import type { IncomingMessage } from 'node:http';
import type { CheckPlace } from './places.ts';

/** CORS of the API's side, written by hand as the auth API's is: credentials, and for the page's origin only. */
export function corsHeaders({ frontend }: CheckPlace): Readonly<Record<string, string>> {
  return {
    'access-control-allow-origin': frontend,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'date',
    // What the page may know of the connection: Resource Timing, section 4.5.
    'timing-allow-origin': frontend,
  };
}

export const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'content-type',
  // Each check is to ask anew.
  'access-control-max-age': '0',
} as const;

/**
 * Whether a request may be one of the page's. On the API's side it must say so by its Origin. On the page's own, GETs of
 * one's own origin have none, and Fetch Metadata tells of those that a page of another origin makes.
 */
export function isOfPage(
  { headers, method }: IncomingMessage,
  side: 'frontend' | 'api',
  { frontend }: CheckPlace,
): boolean {
  const { origin } = headers;
  if (side === 'api') return origin === frontend;
  if (origin !== undefined) return origin === frontend;
  const isRead = method === 'GET' || method === 'HEAD';
  const site = headers['sec-fetch-site'];
  return isRead && (site === undefined || site === 'same-origin' || site === 'none');
}
