import type { Fix } from '../../findings/types.ts';
import { isSameSite } from '../../site.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { isPreflight, type Sight } from '../sight.ts';
import { shown } from '../words.ts';

/**
 * JD101: a script of another site asks the API (RFC 6265bis, 5.2). Links and form posts from elsewhere are no mistake,
 * nor are images; extensions have origins of their own.
 */
export const crossSitePage: Rule = (sight) => {
  if (sight.where !== 'api' || sight.origin === null || !isScriptOfAnotherSite(sight, sight.origin))
    return NONE;
  const { frontendOrigin, apiOrigin } = sight.settings;
  const isOpaque = sight.origin === 'null';
  const page = isOpaque
    ? 'of no origin (a file opened from disk, a sandboxed frame, or a redirect by way of another site)'
    : shown(sight.origin);
  const what = isPreflight(sight) ? 'asks for leave to call' : 'calls';
  return [
    findingOf('JD101', sight, {
      evidence: `The page is ${page} and ${what} ${apiOrigin}: different sites, so Chromium neither stores nor sends SameSite=Lax or Strict cookies.`,
      subject: shown(sight.origin),
      fixes: [
        { place: 'browser', text: `Open ${frontendOrigin}${isOpaque ? '' : ` instead of ${page}`}.` },
        ...leadHere(sight.origin),
      ],
    }),
  ];
};

/** A dev server of this machine can be put behind the frontend's name. */
function leadHere(origin: string): readonly Fix[] {
  const port = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):(\d+)$/.exec(origin)?.[1];
  return port === undefined ? [] : [{ place: 'terminal', text: `jwt-dev up --frontend ${port}` }];
}

/** Whether a script of a page of another site asks the API, other than the page that was set up. */
export function isOfAnotherSite(sight: Sight): boolean {
  return (
    sight.where === 'api' &&
    sight.origin !== null &&
    sight.origin !== sight.settings.frontendOrigin &&
    isScriptOfAnotherSite(sight, sight.origin)
  );
}

function isScriptOfAnotherSite(sight: Sight, origin: string): boolean {
  const isSocket = sight.exchange.kind === 'websocket';
  // Sec-Fetch-Site comes with no WebSocket. In a chain of redirects it stays cross-site although the page is not.
  if (!isSocket && (sight.fetchSite !== 'cross-site' || sight.fetchMode !== 'cors')) return false;
  if (origin === 'null') return !isSocket;
  return /^https?:\/\//.test(origin) && URL.canParse(origin) && !isSameSite(origin, sight.settings.apiOrigin);
}
