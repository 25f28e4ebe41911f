import { isSameSite, schemefulSite } from '../site.ts';
import { startFetch } from './fetch-start.ts';
import type { FetchRun } from './fetch-state.ts';
import { createHttpCache } from './http-cache.ts';
import { parseUrl } from './origin.ts';
import { createPreflightCache } from './preflight-cache.ts';
import { runFetch } from './run-fetch.ts';
import type { FetchJudge, FetchPage, FetchVerdict, JudgeSettings } from './types.ts';

/** A verdict on nothing yet: what a fetch that fails at once has. */
const NOTHING: FetchVerdict = {
  readable: false,
  type: null,
  status: null,
  redirected: false,
  visibleHeaders: [],
  problem: null,
  corsError: null,
  failedParameter: null,
  blockedReason: null,
  netError: null,
  preflights: 0,
  cookieSent: false,
  requests: [],
};

/** Third-party: the target is of another site than the page, or the page is of none (Chromium's SiteForCookies). */
function mayCarryCookie(settings: JudgeSettings, page: FetchPage, target: URL): boolean {
  const thirdParty = page.opaque || !isSameSite(page.url, target.href);
  return settings.hasCookie(target) && (!thirdParty || settings.thirdPartyCookies === 'allowed');
}

/**
 * A browser profile that plays `fetch` against a server given as a function, and says what the page gets.
 * Follows Fetch's "main fetch" in the order of Chromium's layers: arguments, mode and mixed content (Blink), then the
 * connection with its Local Network Access check, preflight, answer and redirect (network service).
 */
export function createFetchJudge(settings: JudgeSettings): FetchJudge {
  const preflightCache = createPreflightCache();
  const httpCache = createHttpCache();
  return {
    judge(page, init, answer, now) {
      const request = startFetch(page, init);
      if (request === null) return { ...NOTHING, netError: 'TypeError' };
      // Fetch, "scheme fetch": both are answered within the browser.
      if (/^(data|blob):/.test(request.url))
        return { ...NOTHING, readable: true, type: 'basic', status: 200 };
      if (!/^https?:/.test(request.url)) return { ...NOTHING, netError: 'TypeError' };
      const pageUrl = parseUrl(page.url);
      const run: FetchRun = {
        page,
        pageSite: schemefulSite(page.url) ?? 'null',
        pageSpace: page.addressSpace ?? (pageUrl === null ? 'unknown' : settings.addressSpaceOf(pageUrl)),
        settings,
        preflightCache,
        httpCache,
        now,
        mayCarryCookie: (target) => mayCarryCookie(settings, page, target),
        answer,
        sent: [],
      };
      const outcome = runFetch(run, request, init.targetAddressSpace ?? null);
      return {
        ...NOTHING,
        ...outcome,
        corsError: outcome.problem?.error ?? null,
        failedParameter: outcome.problem?.failedParameter || null,
        preflights: run.sent.filter(({ preflight }) => preflight).length,
        cookieSent: run.sent.some(({ cookieSent }) => cookieSent),
        requests: run.sent,
      };
    },
  };
}
