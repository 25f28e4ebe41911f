import { headerValue } from '../cors/headers.ts';
import { checkPermission, readPermission } from '../cors/preflight-permission.ts';
import type { CorsProblem, CorsRequest, CredentialsMode } from '../cors/types.ts';
import { faultOf } from '../watch/cors-words.ts';
import { corsRequest } from '../watch/rules/cors.ts';
import type { Sight } from '../watch/sight.ts';
import { shown } from '../watch/words.ts';
import { accessSteps, sentence } from './cors-access-steps.ts';
import { answerOf } from './cors-mark.ts';
import type { CorsStep } from './types.ts';

const WHOSE = 'Preflight';

/** What the answer to a preflight allows: status, access check, method, headers (Fetch, "CORS-preflight fetch"). */
export function preflightSteps(sight: Sight, credentials: CredentialsMode | null): readonly CorsStep[] {
  const request = corsRequest(sight, credentials ?? 'omit');
  return [
    statusStep(sight),
    ...accessSteps(sight, credentials, WHOSE),
    listStep(sight, { ...request, headers: [] }, 'Access-Control-Allow-Methods', request.method),
    listStep(
      sight,
      { ...request, method: 'GET' },
      'Access-Control-Allow-Headers',
      request.headers.map(([name]) => name).join(', '),
    ),
  ];
}

function statusStep({ exchange: { status } }: Sight): CorsStep {
  const ok = status >= 200 && status <= 299;
  const redirect = status >= 300 && status <= 399 ? ' Browsers follow no redirect here.' : '';
  return {
    title: `${WHOSE}: status`,
    ok,
    detail: ok ? `It is ${status}.` : `It is ${status}; only 2xx gives leave.${redirect}`,
  };
}

/** @param wanted what is asked for; empty: nothing that needs leave. */
function listStep(sight: Sight, request: CorsRequest, header: string, wanted: string): CorsStep {
  const title = `${WHOSE}: ${header}`;
  const problem = problemOfList(sight, request, header.toLowerCase());
  const value = headerValue(sight.exchange.responseHeaders, header);
  if (problem !== null) {
    return { title, ok: false, detail: sentence(faultOf(problem, sight, shown(sight.origin ?? 'null'))) };
  }
  const seen = value === null ? 'It is not there' : `It is '${shown(value)}'`;
  return {
    title,
    ok: true,
    detail: wanted === '' ? `${seen}, and nothing is asked for.` : `${seen}; asked for: ${shown(wanted)}.`,
  };
}

function problemOfList(sight: Sight, request: CorsRequest, header: string): CorsProblem | null {
  const read = readPermission(request, answerOf(sight));
  // Where one of the lists cannot be read, that list is at fault.
  if ('problem' in read) return read.problem.header === header ? read.problem : null;
  return checkPermission(request, read.permission);
}
