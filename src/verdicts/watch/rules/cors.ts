import { checkAnswer } from '../../cors/access-check.ts';
import { checkPreflight } from '../../cors/preflight.ts';
import { requestOfPreflight } from '../../cors/seen-preflight.ts';
import type { CorsProblem, CorsRequest, CredentialsMode } from '../../cors/types.ts';
import { findingForCorsError } from '../../findings/chromium-names.ts';
import type { Finding } from '../../findings/types.ts';
import { corsFinding } from '../cors-words.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { answerHeaders, isPreflight, originOfExchange, type Sight } from '../sight.ts';
import { isOfAnotherSite } from './cross-site-page.ts';

interface Pending {
  readonly client: string;
  readonly call: string;
  readonly end: number;
  readonly finding: Finding;
}

const PENDING = 32;
/** A request that was allowed follows its preflight at once, but its answer may take a while. */
const FOLLOWS_WITHIN_MS = 60_000;
/** The same question again, and still no request: somebody has tried once more. */
const ASKED_AGAIN_MS = 2_000;

/**
 * JD201 to JD211: an answer that the browser keeps from the page, by the engine's CORS rules. A request with cookies or
 * with the canary is one with credentials. A preflight never shows whether it is for such a request; what is wrong with
 * its answer only in that case is said when no request followed, which is how a refusal looks from outside.
 */
export function createCorsRule(): Rule {
  let pending: readonly Pending[] = [];
  return (sight) => {
    const due = pending.length === 0 ? NONE : settle(sight);
    if (!isCorsRequest(sight)) return due;
    if (!isPreflight(sight)) return [...due, ...judgeAnswer(sight)];
    const { certain, suspected } = judgePreflight(sight);
    if (suspected !== null) {
      const entry = { client: sight.client, call: callOf(sight), end: sight.end, finding: suspected };
      pending = [...pending.slice(1 - PENDING), entry];
    }
    return certain === null ? due : [...due, certain];
  };

  /** Drops what is answered by this exchange, and gives what has waited long enough. */
  function settle(sight: Sight): readonly Finding[] {
    const call = callOf(sight);
    const asks = isPreflight(sight);
    const due: Finding[] = [];
    pending = pending.filter((entry) => {
      if (entry.client !== sight.client) return true;
      const isSameCall = entry.call === call;
      if (isSameCall && !asks) return false;
      const waited = sight.exchange.at - entry.end;
      if (waited < (isSameCall ? ASKED_AGAIN_MS : FOLLOWS_WITHIN_MS)) return true;
      due.push({ ...entry.finding, evidence: `${entry.finding.evidence} No request followed.` });
      return false;
    });
    return due;
  }
}

function callOf(sight: Sight): string {
  return `${sight.askedMethod ?? sight.exchange.method} ${sight.exchange.url}`;
}

/**
 * A cross-origin request of a page's script that a backend answered. A 304 is about an answer that was judged before.
 * Node's own fetch says `Sec-Fetch-Mode: cors`, too, but knows no site.
 * Reports that the browser sends by itself interest nobody's code.
 */
export function isCorsRequest(sight: Sight): boolean {
  const { exchange, origin } = sight;
  if (sight.fetchMode !== 'cors' || origin === null) return false;
  if (sight.fetchSite === null || sight.fetchSite === 'same-origin' || sight.fetchDest === 'report')
    return false;
  if (exchange.kind !== 'http' || !exchange.fromBackend || isExtension(origin)) return false;
  return exchange.status !== 0 && exchange.status !== 304 && origin !== originOfExchange(sight);
}

/** What the user's browser extensions ask for is not the page's doing. */
function isExtension(origin: string): boolean {
  return /^[a-z-]*extension:/i.test(origin);
}

/** null: the request does not show it. */
export function credentialsOf(sight: Sight): CredentialsMode | null {
  if (sight.cookie !== '' || sight.exchange.canary === 'sent' || sight.storageAccess !== null)
    return 'include';
  // The canary is Lax: from a page of another site its absence says nothing.
  return sight.exchange.canary === 'not-sent' && sight.fetchSite === 'same-site' ? 'omit' : null;
}

/** The request as the CORS rules want it; of a preflight, the one that it asks for. */
export function corsRequest(sight: Sight, credentials: CredentialsMode): CorsRequest {
  const { url, method, requestHeaders } = sight.exchange;
  if (isPreflight(sight)) return requestOfPreflight({ url, headers: requestHeaders }, credentials);
  const pageOrigin = sight.origin ?? 'null';
  return { url, method, headers: [], pageOrigin, credentials, mode: 'cors', redirect: 'follow' };
}

function judgeAnswer(sight: Sight): readonly Finding[] {
  const credentials = credentialsOf(sight);
  const problem = checkAnswer(corsRequest(sight, credentials ?? 'omit'), answerOf(sight));
  return problem === null || isRightToRefuse(sight, problem)
    ? NONE
    : [toFinding(sight, problem, credentials === 'include')];
}

function judgePreflight(sight: Sight): { certain: Finding | null; suspected: Finding | null } {
  const withCredentials = checkPreflight(corsRequest(sight, 'include'), answerOf(sight));
  if (withCredentials === null) return { certain: null, suspected: null };
  // `*` beside `true`: whoever allows credentials means them.
  const contradictsItself =
    withCredentials.error === 'PreflightWildcardOriginNotAllowed' &&
    answerHeaders(sight, 'access-control-allow-credentials').includes('true');
  if (isRightToRefuse(sight, withCredentials)) return { certain: null, suspected: null };
  const without = checkPreflight(corsRequest(sight, 'omit'), answerOf(sight));
  const finding = toFinding(sight, contradictsItself ? withCredentials : (without ?? withCredentials), false);
  if (contradictsItself || without !== null) return { certain: finding, suspected: null };
  // Who sends a token in a header seldom sends cookies as well.
  const hasBearer = /(?:^|,)\s*authorization\s*(?:,|$)/i.test(sight.askedHeaders ?? '');
  return { certain: null, suspected: hasBearer ? null : finding };
}

/** A page of another site is told that it may not read: JD101 says what is wrong with that page. */
function isRightToRefuse(sight: Sight, { error }: CorsProblem): boolean {
  const isRefusal = /^(?:Preflight)?(?:MissingAllowOriginHeader|AllowOriginMismatch)$/.test(error);
  return isRefusal && isOfAnotherSite(sight);
}

function answerOf({ exchange }: Sight): { status: number; headers: Sight['exchange']['responseHeaders'] } {
  return { status: exchange.status, headers: exchange.responseHeaders };
}

function toFinding(sight: Sight, problem: CorsProblem, credentialed: boolean): Finding {
  return findingOf(findingForCorsError(problem.error), sight, {
    ...corsFinding(sight, problem, credentialed),
    reason: problem.error,
  });
}
