import type { CookieReason } from './reasons.ts';
import { isFirstParty, setReason } from './same-site.ts';
import { mayUseSecure } from './site.ts';
import type { StoredCookie } from './stored-cookie.ts';
import type { CookieRequest, ThirdPartyCookies } from './types.ts';

/** Is this cookie kept out by the third-party setting? Partitioned ones are what the setting leaves. */
export const isThirdPartyBlocked = (
  cookie: StoredCookie,
  request: CookieRequest,
  setting: ThirdPartyCookies,
): boolean => setting === 'blocked' && cookie.partitionKey === null && !isFirstParty(request);

/** The rules that need the request's context (RFC 6265bis 5.7); all that apply are given. */
export function setReasons(cookie: StoredCookie, request: CookieRequest, url: URL): CookieReason[] {
  const reasons: CookieReason[] = [];
  if (cookie.secure && !mayUseSecure(url)) reasons.push('SecureOnly');
  if (cookie.sameSite === 'None' && !cookie.secure) reasons.push('SameSiteNoneInsecure');
  const site = setReason(cookie.sameSite, request);
  if (site !== null) reasons.push(site);
  return reasons;
}
