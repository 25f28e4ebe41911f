import { withoutDot } from './domain.ts';
import { partitionKeyOf, samePartition } from './partition.ts';
import { isThirdPartyBlocked } from './set-rules.ts';
import { cookieKey, mayUseSecure } from './site.ts';
import type { StoredCookie } from './stored-cookie.ts';
import type { CookieRequest, ThirdPartyCookies } from './types.ts';

/** Are cookies among the quoted types? Without quotes the header means nothing (Clear Site Data, 3.1). */
export const asksForCookies = (values: readonly string[]): boolean =>
  values
    .flatMap((value) => value.split(','))
    .map((type) => type.trim())
    .some((type) => type === '"cookies"' || type === '"*"');

/**
 * Which cookies `Clear-Site-Data` removes: those of the whole registrable domain, host-only ones of sibling hosts
 * included, in the common jar and in the request's own partition. Only a secure origin is listened to.
 */
export function clearedBy(
  values: readonly string[],
  request: CookieRequest,
  cookies: readonly StoredCookie[],
  setting: ThirdPartyCookies,
): StoredCookie[] {
  const url = new URL(request.url);
  if (!mayUseSecure(url) || !asksForCookies(values)) return [];
  const key = cookieKey(url.hostname);
  const partition = partitionKeyOf(request);
  return cookies.filter(
    (cookie) =>
      cookieKey(withoutDot(cookie.domain)) === key &&
      (cookie.partitionKey === null
        ? !isThirdPartyBlocked(cookie, request, setting)
        : samePartition(cookie.partitionKey, partition)),
  );
}
