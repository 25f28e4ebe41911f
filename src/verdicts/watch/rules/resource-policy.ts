import { findingOf, NONE, type Rule } from '../rule.ts';
import { answerHeaders } from '../sight.ts';
import { endpointName, requestLine } from '../words.ts';

/**
 * JD215: Cross-Origin-Resource-Policy keeps an image, a script or the like from a page of another origin (Fetch, 3.7).
 * Sec-Fetch-Site says how far away the page is; with two header lines, as with any other word, there is no policy.
 */
export const resourcePolicy: Rule = (sight) => {
  const { status, fromBackend } = sight.exchange;
  if (sight.fetchMode !== 'no-cors' || !fromBackend || status < 200 || status > 299) return NONE;
  if (sight.fetchSite !== 'same-site' && sight.fetchSite !== 'cross-site') return NONE;
  const [policy, second] = answerHeaders(sight, 'cross-origin-resource-policy');
  if (second !== undefined) return NONE;
  const isBlocked = policy === 'same-origin' || (policy === 'same-site' && sight.fetchSite === 'cross-site');
  if (!isBlocked) return NONE;
  return [
    findingOf('JD215', sight, {
      evidence: `${requestLine(sight)} (${sight.fetchDest === 'empty' || sight.fetchDest === null ? 'no-cors' : sight.fetchDest}) was asked for by a ${sight.fetchSite} page, and Cross-Origin-Resource-Policy is '${policy}': the browser throws it away.`,
      subject: endpointName(sight),
      reason: policy === 'same-origin' ? 'corp-not-same-origin' : 'corp-not-same-site',
    }),
  ];
};
