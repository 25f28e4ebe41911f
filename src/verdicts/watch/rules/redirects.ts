import { isMixedContent } from '../../cors/mixed-content.ts';
import { parseUrl } from '../../cors/origin.ts';
import { checkRedirectTarget, redirectLocation } from '../../cors/redirect.ts';
import type { Finding } from '../../findings/types.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { isPreflight, originOfExchange, type Sight } from '../sight.ts';
import { endpointName, requestLine, shown } from '../words.ts';
import { isCorsRequest } from './cors.ts';

/** Where a redirect does not lead to data: pages for people who are to log in. */
const LOGIN_PAGE = /\/(?:[\w-]*log-?in|sign-?in|sso|saml2?|authorize|oauth2?)(?:[/.]|$)/i;

/**
 * JD212 and JD213: a script's request is sent on to where it cannot go (Fetch, 4.4 HTTP-redirect fetch): to a login
 * page on another origin, to a URL with a user name in it, or from https to http. A redirect to a file store with CORS
 * of its own is in order.
 */
export const redirects: Rule = (sight) => {
  if (sight.exchange.status < 300 || sight.exchange.status > 399) return NONE;
  if (!isCorsRequest(sight) || isPreflight(sight)) return NONE;
  const location = redirectLocation({
    status: sight.exchange.status,
    headers: sight.exchange.responseHeaders,
  });
  const target = location === null ? null : parseUrl(location, sight.exchange.url);
  return target === null ? NONE : judge(sight, target);
};

function judge(sight: Sight, target: URL): readonly Finding[] {
  const pageOrigin = sight.origin ?? 'null';
  const where = `${target.origin}${shown(target.pathname)}`;
  const said = `${requestLine(sight)} from ${shown(pageOrigin)} was answered ${sight.exchange.status}, a redirect to ${where}`;
  const problem = checkRedirectTarget(target, { pageOrigin, crossOrigin: true, originTainted: false });
  if (problem !== null) {
    const evidence = `${said}, with a user name in the URL, which ends the fetch.`;
    return [findingOf('JD212', sight, { evidence, subject: endpointName(sight), reason: problem.error })];
  }
  if (isMixedContent(`${pageOrigin}/`, target, null)) {
    const evidence = `${said}: plain http, which the browser does not load for an https page.`;
    return [findingOf('JD213', sight, { evidence, subject: endpointName(sight) })];
  }
  if (target.origin === originOfExchange(sight)) return NONE;
  if (target.origin !== sight.settings.frontendOrigin && !LOGIN_PAGE.test(target.pathname)) return NONE;
  const evidence = `${said}. There the origin of the request is "null", and a page made for people does not allow it.`;
  return [findingOf('JD212', sight, { evidence, subject: endpointName(sight) })];
}
