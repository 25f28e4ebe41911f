import { checkAnswer } from '../cors/access-check.ts';
import { checkPreflight } from '../cors/preflight.ts';
import type { CorsProblem, CredentialsMode, HttpAnswer } from '../cors/types.ts';
import { corsRequest, credentialsOf } from '../watch/rules/cors.ts';
import { isPreflight, originOfExchange, type Sight } from '../watch/sight.ts';
import type { CorsMark } from './types.ts';

/**
 * Whether a page asked across origins and the browser judges the answer. Answers that were made on the way count, too: a
 * browser does not know whose they are. A 304 is about an answer that was judged before.
 */
export function isAcrossOrigins(sight: Sight): boolean {
  const { exchange, origin, fetchMode, fetchSite } = sight;
  if (origin === null || exchange.kind !== 'http' || origin === originOfExchange(sight)) return false;
  if (exchange.status === 0 || exchange.status === 304) return false;
  if (isPreflight(sight)) return true;
  // Node's fetch says `cors` as well, but knows no site; a form that is posted is a navigation.
  return fetchMode === 'cors' && fetchSite !== null && fetchSite !== 'same-origin';
}

export function answerOf({ exchange }: Sight): HttpAnswer {
  return { status: exchange.status, headers: exchange.responseHeaders };
}

/** What is wrong with who may read an answer, or a preflight's: all there is to check of the answer itself. */
export function problemOfAccess(sight: Sight, credentials: CredentialsMode): CorsProblem | null {
  return checkAnswer(corsRequest(sight, credentials), answerOf(sight));
}

/**
 * What is wrong with a preflight's answer. It does not show whether it is for a request with credentials: where only such
 * a one would fail, nothing is, unless the answer itself says that it means them.
 * @param credentials of the request that followed; null: not known.
 */
export function problemOfPreflight(sight: Sight, credentials: CredentialsMode | null): CorsProblem | null {
  const answer = answerOf(sight);
  if (credentials !== null) return checkPreflight(corsRequest(sight, credentials), answer);
  const withThem = checkPreflight(corsRequest(sight, 'include'), answer);
  if (withThem === null) return null;
  const allowsThem = answer.headers.some(
    ([name, value]) => name.toLowerCase() === 'access-control-allow-credentials' && value.trim() === 'true',
  );
  return allowsThem ? withThem : checkPreflight(corsRequest(sight, 'omit'), answer);
}

export function corsMark(sight: Sight): CorsMark {
  if (!isAcrossOrigins(sight)) return 'none';
  if (isPreflight(sight)) {
    return problemOfPreflight(sight, null) === null ? 'preflight-allowed' : 'preflight-blocked';
  }
  return problemOfAccess(sight, credentialsOf(sight) ?? 'omit') === null ? 'allowed' : 'blocked';
}
