import type { CookieRequest } from '../../../../src/verdicts/cookies/types.ts';

export const NOW = Date.UTC(2026, 10, 23, 12);

/** A URL typed into the address bar. */
export const typed = (url: string): CookieRequest => ({
  url,
  method: 'GET',
  target: 'top-level',
  initiator: null,
  topLevel: new URL(url).origin,
  credentials: true,
});

/** A credentialed fetch by a page. */
export const fetched = (page: string, url: string, method = 'GET'): CookieRequest => ({
  url,
  method,
  target: 'subresource',
  initiator: page,
  topLevel: page,
  credentials: true,
});

/** A link or form of a page that replaces the page. */
export const navigated = (page: string, url: string, method = 'GET'): CookieRequest => ({
  ...typed(url),
  method,
  initiator: page,
});
