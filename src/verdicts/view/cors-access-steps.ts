import { headerValue } from '../cors/headers.ts';
import type { CredentialsMode } from '../cors/types.ts';
import { faultOf } from '../watch/cors-words.ts';
import { isPreflight, type Sight } from '../watch/sight.ts';
import { shown } from '../watch/words.ts';
import { problemOfAccess } from './cors-mark.ts';
import type { CorsStep } from './types.ts';

const ORIGIN = 'Access-Control-Allow-Origin';
const CREDENTIALS = 'Access-Control-Allow-Credentials';

/** The access check: the same for an answer and for a preflight's (Fetch, "CORS check"). */
export function accessSteps(
  sight: Sight,
  credentials: CredentialsMode | null,
  whose: string,
): readonly CorsStep[] {
  return [originStep(sight, credentials, whose), allowCredentialsStep(sight, credentials, whose)];
}

function originStep(sight: Sight, credentials: CredentialsMode | null, whose: string): CorsStep {
  const title = `${whose}: ${ORIGIN}`;
  const problem = problemOfAccess(sight, credentials ?? 'omit');
  if (problem !== null && problem.header === 'access-control-allow-origin') {
    return { title, ok: false, detail: sentence(faultOf(problem, sight, shown(sight.origin ?? 'null'))) };
  }
  const value = valueOf(sight, ORIGIN);
  const note =
    value === '*' && credentials === null && isPreflight(sight)
      ? ' That allows any page, but no request with credentials.'
      : '';
  return { title, ok: true, detail: `It is '${shown(value ?? '')}'.${note}` };
}

function allowCredentialsStep(sight: Sight, credentials: CredentialsMode | null, whose: string): CorsStep {
  const title = `${whose}: ${CREDENTIALS}`;
  const value = valueOf(sight, CREDENTIALS);
  const seen = value === null ? 'It is not there' : `It is '${shown(value)}'`;
  if (credentials === 'include') {
    return value === 'true'
      ? { title, ok: true, detail: `${seen}.` }
      : { title, ok: false, detail: `${seen}, and a request with credentials needs 'true' there.` };
  }
  const need =
    credentials === null
      ? 'Only a request with credentials needs it.'
      : 'A request without credentials does not need it.';
  return { title, ok: null, detail: `${seen}. ${need}` };
}

function valueOf({ exchange }: Sight, name: string): string | null {
  return headerValue(exchange.responseHeaders, name);
}

/** The words are the end of a sentence about a request. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
