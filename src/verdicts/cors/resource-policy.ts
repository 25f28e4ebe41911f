import { isIpHost } from '../cookies/site.ts';
import { isSameSite } from '../site.ts';
import { headerValue } from './headers.ts';
import { isSameOrigin, originOf } from './origin.ts';
import type { BlockedReason, HttpAnswer } from './types.ts';

/** `same-site` here: the scheme may differ, except that an http page gets nothing from https (Fetch, step 4 there). IP
 * addresses have no registrable domain to share (URL, "host's registrable domain"). */
function sharesSite(pageOrigin: string, target: URL): boolean {
  if (isIpHost(target.hostname)) return false;
  if (isSameSite(pageOrigin, target.origin)) return true;
  if (!pageOrigin.startsWith('https:') || target.protocol !== 'http:') return false;
  return isSameSite(pageOrigin, target.origin.replace('http:', 'https:'));
}

/**
 * Fetch, "cross-origin resource policy check", for `no-cors` requests. Only the exact words count; anything else, two
 * header lines too, is as good as no header (Chromium's CrossOriginResourcePolicy).
 * @param pageOrigin the page's own, redirects or not (Chromium's request_initiator).
 */
export function checkResourcePolicy(
  pageOrigin: string,
  target: URL,
  answer: HttpAnswer,
): BlockedReason | null {
  if (isSameOrigin(pageOrigin, originOf(target))) return null;
  const policy = headerValue(answer.headers, 'cross-origin-resource-policy');
  if (policy === 'same-origin') return 'corp-not-same-origin';
  if (policy === 'same-site' && !sharesSite(pageOrigin, target)) return 'corp-not-same-site';
  return null;
}
