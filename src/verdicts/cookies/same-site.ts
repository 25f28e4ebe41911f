import type { CookieReason } from './reasons.ts';
import { siteOf } from './site.ts';
import type { CookieRequest, SameSite } from './types.ts';

/** A cookie without SameSite goes along on a cross-site POST this long after it was made (RFC 6265bis 5.6.7.2). */
export const LAX_ALLOW_UNSAFE_MS = 120_000;

/** How a request relates to the site it asks: see RFC 6265bis 5.2. */
export type SameSiteContext = 'strict' | 'lax' | 'lax-unsafe' | 'cross-site';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** The "site for cookies": the site of the page if every frame down to the request is of it, else `null`. */
function siteForCookies(request: CookieRequest): string | null {
  const top = siteOf(request.topLevel);
  return (request.frames ?? []).every((frame) => siteOf(frame) === top) ? top : null;
}

/** Is the request one of the page's own site? Top-level requests always are: they become the page. */
export function isFirstParty(request: CookieRequest): boolean {
  if (request.target === 'top-level') return true;
  const site = siteForCookies(request);
  return site !== null && site === siteOf(request.url);
}

/** The context in which cookies are sent. Redirect hops of other sites do not count. */
export function contextOf(request: CookieRequest): SameSiteContext {
  if (!isFirstParty(request)) return 'cross-site';
  if (request.initiator === null || siteOf(request.initiator) === siteOf(request.url)) return 'strict';
  if (request.target !== 'top-level') return 'cross-site';
  return SAFE_METHODS.has(request.method.toUpperCase()) ? 'lax' : 'lax-unsafe';
}

const REASON: Readonly<Record<Exclude<SameSite, 'None'>, CookieReason>> = {
  Strict: 'SchemefulSameSiteStrict',
  Lax: 'SchemefulSameSiteLax',
  unspecified: 'SchemefulSameSiteUnspecifiedTreatedAsLax',
};

/** Why a cookie with this SameSite stays behind, `null` if it may go. */
export function sendReason(sameSite: SameSite, context: SameSiteContext, ageMs: number): CookieReason | null {
  if (sameSite === 'None' || context === 'strict') return null;
  if (sameSite !== 'Strict' && context === 'lax') return null;
  if (sameSite === 'unspecified' && context === 'lax-unsafe' && ageMs <= LAX_ALLOW_UNSAFE_MS) return null;
  return REASON[sameSite];
}

/** Why an answer may not set a cookie with this SameSite. Answers to top-level requests may set all (5.7). */
export const setReason = (sameSite: SameSite, request: CookieRequest): CookieReason | null =>
  sameSite === 'None' || request.target === 'top-level' || contextOf(request) === 'strict'
    ? null
    : REASON[sameSite];
