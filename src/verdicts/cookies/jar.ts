import { byteString, decode, decodeStrict, fromLatin1 } from './bytes.ts';
import { asksForCookies, clearedBy } from './clear-site-data.ts';
import { partitionKeyOf, samePartition } from './partition.ts';
import { receiveLines } from './receive.ts';
import { cookieHeader, createSendRule, sendOrder } from './send-rules.ts';
import { parseUrl } from './site.ts';
import { createSiteJar } from './site-jar.ts';
import { type Moment, type StoredCookie, toCookie } from './stored-cookie.ts';
import type { CookieJar, CookieJarOptions, CookieRequest, NotSent, SendVerdict } from './types.ts';

/** Does the request take part in the cookie protocol at all (Fetch credentials mode, preflight, http scheme)? */
const usesCookies = (request: CookieRequest): boolean =>
  request.credentials !== false && request.preflight !== true;

const byName = (reasons: NotSent['reasons'], cookie: StoredCookie): NotSent => ({
  name: decode(cookie.name),
  domain: cookie.domain,
  path: decode(cookie.path),
  reasons,
});

/** The request that reading `document.cookie` amounts to: by the document itself, of its own site. */
function scriptRequest(pageUrl: string, topLevel: string, frames: readonly string[]): CookieRequest {
  const { origin } = new URL(pageUrl);
  return {
    url: pageUrl,
    method: 'GET',
    target: 'subresource',
    initiator: origin,
    topLevel,
    frames,
    credentials: true,
  };
}

/**
 * A model of Chromium's cookie jar, empty at first. Pure but for its own state: the clock comes with every call.
 * URLs that cannot be parsed throw a `TypeError`, as `new URL` does.
 */
export function createCookieJar({ thirdPartyCookies }: CookieJarOptions): CookieJar {
  const jar = createSiteJar();
  let ticks = 0;
  const moment = (ms: number): Moment => {
    ticks += 1;
    return { ms, tick: ticks };
  };

  /** Cookies of the request's site and partition, in the order of the Cookie header. */
  const candidates = (request: CookieRequest, nowMs: number): StoredCookie[] => {
    const partition = partitionKeyOf(request);
    return jar
      .of(new URL(request.url).hostname, nowMs)
      .filter(({ partitionKey }) => partitionKey === null || samePartition(partitionKey, partition))
      .sort(sendOrder);
  };

  const select = (request: CookieRequest, nowMs: number): { sent: StoredCookie[]; notSent: NotSent[] } => {
    const sent: StoredCookie[] = [];
    const notSent: NotSent[] = [];
    const reasonsFor = createSendRule(request, thirdPartyCookies, nowMs);
    for (const cookie of candidates(request, nowMs)) {
      const reasons = reasonsFor(cookie);
      if (reasons.length === 0) sent.push(cookie);
      else notSent.push(byName(reasons, cookie));
    }
    return { sent, notSent };
  };

  return {
    receive({ request, setCookie, clearSiteData, date }, nowMs) {
      const lines = setCookie.map(byteString);
      // An answer that clears brings no cookies of its own (receive.ts), so the order of the two does not matter.
      if (clearSiteData && usesCookies(request)) {
        jar.remove(clearedBy(clearSiteData, request, jar.all(nowMs), thirdPartyCookies));
      }
      return receiveLines(lines, usesCookies(request), {
        jar,
        request,
        url: new URL(request.url),
        partition: partitionKeyOf(request),
        thirdPartyCookies,
        moment: () => moment(nowMs),
        clearsCookies: asksForCookies(clearSiteData ?? []),
        serverDate: date,
      });
    },
    send(request, nowMs): SendVerdict {
      const none = { cookieHeader: '', cookieHeaderBytes: new Uint8Array(), sent: [], notSent: [] };
      if (!usesCookies(request) || parseUrl(request.url) === null) return none;
      const { sent, notSent } = select(request, nowMs);
      const header = cookieHeader(sent);
      jar.touch(sent, moment(nowMs));
      return {
        cookieHeader: decode(header),
        cookieHeaderBytes: fromLatin1(header),
        sent: sent.map(toCookie),
        notSent,
      };
    },
    documentCookie(pageUrl, nowMs, context) {
      const topLevel = context?.topLevel ?? new URL(pageUrl).origin;
      const request = scriptRequest(pageUrl, topLevel, context?.frames ?? []);
      const readable = select(request, nowMs).sent.filter((cookie) => !cookie.httpOnly);
      jar.touch(readable, moment(nowMs));
      // Script gets text: one cookie that is not UTF-8 makes the whole string empty.
      return decodeStrict(cookieHeader(readable)) ?? '';
    },
    all: (nowMs) => jar.all(nowMs).map(toCookie),
  };
}
