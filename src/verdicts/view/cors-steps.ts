import { headerValue } from '../cors/headers.ts';
import { needsPreflight } from '../cors/preflight.ts';
import type { CredentialsMode, PreflightNeed } from '../cors/types.ts';
import { faultOf } from '../watch/cors-words.ts';
import { corsRequest, credentialsOf } from '../watch/rules/cors.ts';
import { isPreflight, originOfExchange, type Sight } from '../watch/sight.ts';
import { shown } from '../watch/words.ts';
import { accessSteps } from './cors-access-steps.ts';
import { isAcrossOrigins, problemOfAccess, problemOfPreflight } from './cors-mark.ts';
import { preflightSteps } from './cors-preflight-steps.ts';
import type { CorsStep } from './types.ts';

/**
 * The decision of the browser in its order.
 * @param partner of a request its preflight, of a preflight the request that followed; null: none was seen.
 * @returns empty where nobody asked across origins.
 */
export function corsSteps(sight: Sight, partner: Sight | null): readonly CorsStep[] {
  if (!isAcrossOrigins(sight)) return [];
  return isPreflight(sight) ? stepsOfPreflight(sight, partner) : stepsOfRequest(sight, partner);
}

function stepsOfRequest(sight: Sight, preflight: Sight | null): readonly CorsStep[] {
  const credentials = credentialsOf(sight);
  const need = needsPreflight({ ...corsRequest(sight, 'omit'), headers: scriptHeaders(sight) });
  const asked = need === null || preflight === null ? [] : preflightSteps(preflight, credentials);
  return [
    originsStep(sight),
    credentialsStep(sight, credentials),
    needStep(need, preflight),
    ...asked,
    ...accessSteps(sight, credentials, 'The answer'),
    varyStep(sight),
    verdictStep(sight, credentials),
  ];
}

function stepsOfPreflight(sight: Sight, request: Sight | null): readonly CorsStep[] {
  const credentials = request === null ? null : (credentialsOf(request) ?? null);
  const problem = problemOfPreflight(sight, credentials);
  return [
    originsStep(sight),
    {
      title: 'What it asks for',
      ok: null,
      detail: `Leave for ${shown(sight.askedMethod ?? '', 20)}${sight.askedHeaders === null ? '' : ` with the headers ${shown(sight.askedHeaders)}`}. A preflight itself never carries cookies.`,
    },
    request === null
      ? {
          title: 'With credentials?',
          ok: null,
          detail: 'A preflight does not say, and no request followed it yet.',
        }
      : credentialsStep(request, credentials),
    ...preflightSteps(sight, credentials),
    {
      title: 'Verdict',
      ok: problem === null,
      detail:
        problem === null
          ? `The browser may send the request${request === null ? ', but none was seen: if the page makes it with credentials, the answer has to allow them.' : ', and did.'}`
          : `The request is not sent: ${faultOf(problem, sight, shown(sight.origin ?? 'null'))} (${problem.error})`,
    },
  ];
}

function originsStep(sight: Sight): CorsStep {
  const site =
    sight.fetchSite === 'same-site'
      ? 'another origin of the same site'
      : sight.fetchSite === 'cross-site'
        ? 'an origin of another site'
        : 'another origin';
  return {
    title: 'Across origins?',
    ok: null,
    detail: `Yes: a page of ${shown(sight.origin ?? 'null')} asks ${shown(originOfExchange(sight))}, ${site}.`,
  };
}

function credentialsStep(sight: Sight, credentials: CredentialsMode | null): CorsStep {
  return { title: 'With credentials?', ok: null, detail: credentialsWords(sight, credentials) };
}

function credentialsWords(sight: Sight, credentials: CredentialsMode | null): string {
  if (credentials === 'include') {
    return sight.cookie === ''
      ? 'Yes: it was made with credentials, though the browser had no cookie for it.'
      : 'Yes: it carries cookies.';
  }
  if (credentials === 'omit')
    return "No: it carries none of the cookies that this browser has. credentials: 'include' is missing.";
  return 'It does not show: it carries no cookies. Judged as one without.';
}

function needStep(need: PreflightNeed | null, preflight: Sight | null): CorsStep {
  const title = 'Preflight needed?';
  if (need === null)
    return { title, ok: null, detail: 'No: a simple method, and no header that needs leave.' };
  const why = [
    ...(need.method === null ? [] : [`the method ${shown(need.method, 20)}`]),
    ...need.headers.map((name) => `the header ${shown(name, 60)}`),
  ].join(', ');
  const where =
    preflight === null
      ? ' None is recorded: the browser has the permission of an earlier one (Access-Control-Max-Age).'
      : ` It was asked as ${preflight.exchange.id}.`;
  return { title, ok: null, detail: `Yes: ${why}.${where}` };
}

/** What browsers add by themselves and Fetch does not list as forbidden; a script may set them, but hardly does. */
const OF_THE_BROWSER: ReadonlySet<string> = new Set([
  'cache-control',
  'pragma',
  'priority',
  'purpose',
  'upgrade-insecure-requests',
  'user-agent',
]);

function scriptHeaders({ exchange }: Sight): Sight['exchange']['requestHeaders'] {
  return exchange.requestHeaders.filter(([name]) => !OF_THE_BROWSER.has(name.toLowerCase()));
}

/** Whoever answers each origin with its own name has to say so to caches (Fetch, "CORS protocol and HTTP caches"). */
function varyStep({ exchange }: Sight): CorsStep {
  const allowed = headerValue(exchange.responseHeaders, 'access-control-allow-origin');
  const vary = headerValue(exchange.responseHeaders, 'vary');
  const names = (vary ?? '').split(',').map((name) => name.trim().toLowerCase());
  const covers = names.includes('origin') || names.includes('*');
  const detail = vary === null ? 'It is not there.' : `It is '${shown(vary)}'.`;
  const advice =
    allowed === null || allowed === '*' || covers
      ? ''
      : ' Where the allowed origin depends on who asks, it has to name Origin, or a cache hands one page what is for another.';
  return { title: 'Vary', ok: null, detail: `${detail}${advice}` };
}

function verdictStep(sight: Sight, credentials: CredentialsMode | null): CorsStep {
  const problem = problemOfAccess(sight, credentials ?? 'omit');
  return {
    title: 'Verdict',
    ok: problem === null,
    detail:
      problem === null
        ? 'The page may read the answer.'
        : `The page may not read the answer: ${faultOf(problem, sight, shown(sight.origin ?? 'null'))} (${problem.error})`,
  };
}
