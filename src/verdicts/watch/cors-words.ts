import type { CorsProblem } from '../cors/types.ts';
import type { Fix } from '../findings/types.ts';
import { lineVerdicts, nameOfLine } from './line-verdicts.ts';
import { isPreflight, type Sight } from './sight.ts';
import { cookieName, endpointName, requestLine, shown } from './words.ts';

export interface CorsWords {
  readonly evidence: string;
  readonly subject: string;
  readonly fixes: readonly Fix[];
}

/** What to say of a CORS problem: the values at hand, and the fix with the page's origin in it. */
export function corsFinding(sight: Sight, problem: CorsProblem, credentialed: boolean): CorsWords {
  const origin = shown(sight.origin ?? 'null');
  const facts = [
    `${subjectOfSentence(sight)} ${faultOf(problem, sight, origin)}`,
    statusNote(sight),
    cookieNote(sight, credentialed),
  ];
  return {
    evidence: facts.filter((fact) => fact !== '').join(' '),
    subject: subjectOf(problem, sight),
    fixes: fixesOf(problem, origin),
  };
}

/**
 * What is set up for a whole backend is one finding, whatever the paths: the header at fault, or what it does not list.
 * What one path does (an error page, a redirect) is told by that path.
 */
function subjectOf(problem: CorsProblem, sight: Sight): string {
  if (problem.failedParameter !== '' && problem.wanted === problem.failedParameter) {
    return shown(problem.failedParameter, 60);
  }
  const isOfThisPath = sight.exchange.status >= 300 || problem.header === null;
  return isOfThisPath ? endpointName(sight, methodOf(sight)) : problem.header;
}

/** Of the request itself, also where this is its preflight. */
function methodOf(sight: Sight): string {
  return isPreflight(sight) ? (sight.askedMethod ?? '') : sight.exchange.method;
}

function subjectOfSentence(sight: Sight): string {
  const call = `${requestLine(sight, methodOf(sight))} from ${shown(sight.origin ?? 'null')}:`;
  return isPreflight(sight) ? `The preflight for ${call}` : call;
}

/** What is wrong, with the values: the end of a sentence that names the request. */
export function faultOf(problem: CorsProblem, { exchange }: Sight, origin: string): string {
  const value = problem.value === null ? '' : `'${shown(problem.value)}'`;
  const parameter = shown(problem.failedParameter, 60);
  const error = problem.error.replace(/^Preflight(?!DisallowedRedirect|InvalidStatus)/, '');
  switch (error) {
    case 'WildcardOriginNotAllowed':
      return `Access-Control-Allow-Origin is '*', and a request with credentials needs '${origin}' there.`;
    case 'InvalidAllowCredentials':
      return problem.value === null
        ? "there is no Access-Control-Allow-Credentials, and a request with credentials needs 'true' there."
        : `Access-Control-Allow-Credentials is ${value}, and a request with credentials needs 'true' there.`;
    case 'AllowOriginMismatch':
      return `Access-Control-Allow-Origin is ${value}, but the page is '${origin}'${mismatchHint(problem.value ?? '', origin)}.`;
    case 'InvalidAllowOriginValue':
      return `Access-Control-Allow-Origin is ${value}, which is no origin.`;
    case 'MultipleAllowOriginValues':
      return `Access-Control-Allow-Origin has several values: ${value}.`;
    case 'MissingAllowOriginHeader':
      return `there is no Access-Control-Allow-Origin, so the browser keeps the answer from the page.`;
    case 'PreflightDisallowedRedirect':
      return `it was answered ${exchange.status}, a redirect to ${value}, which browsers do not follow here.`;
    case 'PreflightInvalidStatus':
      return `it was answered ${exchange.status}; only 2xx gives leave.`;
    case 'HeaderDisallowedByPreflightResponse':
      return `the header '${parameter}' is not allowed: Access-Control-Allow-Headers ${listed(value)}.`;
    case 'MethodDisallowedByPreflightResponse':
      return `the method '${parameter}' is not allowed: Access-Control-Allow-Methods ${listed(value)}.`;
    default:
      return `${problem.header ?? 'its answer'} is ${value}, which cannot be read.`;
  }
}

function listed(value: string): string {
  return value === '' ? 'is missing' : `is ${value}`;
}

/** The mistakes that are hard to see. */
function mismatchHint(value: string, origin: string): string {
  if (value === `${origin}/`) return ' (remove the slash at the end)';
  if (value.toLowerCase() === origin) return ' (write it in lower case)';
  if (value.replace('http:', 'https:') === origin) return ' (https, not http)';
  if (value === `${origin}:443`) return ' (without the port)';
  return '';
}

function statusNote(sight: Sight): string {
  const { status } = sight.exchange;
  if (status < 400) return '';
  if (isPreflight(sight)) return status === 404 ? 'Its status is 404: perhaps the path is wrong.' : '';
  return `The real error is the ${status} that the backend answered.`;
}

/** Whether the page may read an answer is nothing to its cookies. Those that it deletes are not spoken of. */
function cookieNote(sight: Sight, credentialed: boolean): string {
  if (!credentialed) return '';
  const stored = new Set<string>();
  const refused = new Set<string>();
  for (const { verdict, line } of lineVerdicts(sight)) {
    const name = cookieName(nameOfLine(sight.setCookie[line] ?? ''));
    if (verdict === 'stored') stored.add(name);
    else if (verdict === 'blocked' || verdict === 'silently-dropped') refused.add(name);
  }
  if (refused.size === 0) return stored.size === 0 ? '' : 'The cookies in it WERE stored.';
  if (stored.size === 0) return 'The browser refuses the cookies in it.';
  return `Of the cookies in it, ${together(stored)} ${stored.size === 1 ? 'WAS' : 'WERE'} stored, and ${together(refused)} ${refused.size === 1 ? 'was' : 'were'} refused.`;
}

/** As many names as anybody reads. */
const NAMES = 4;

/** `a, b and c`. */
function together(names: ReadonlySet<string>): string {
  const all = [...names];
  const told = all.length > NAMES ? [...all.slice(0, NAMES - 1), `${all.length - NAMES + 1} more`] : all;
  const last = told.at(-1) ?? '';
  return told.length === 1 ? last : `${told.slice(0, -1).join(', ')} and ${last}`;
}

function fixesOf(problem: CorsProblem, origin: string): readonly Fix[] {
  if (problem.error === 'HeaderDisallowedByPreflightResponse') {
    const name = shown(problem.failedParameter, 60);
    return [
      { place: 'Django', text: `CORS_ALLOW_HEADERS = (*default_headers, '${name}')` },
      { place: 'Express', text: `app.use(cors({ ..., allowedHeaders: ['content-type', '${name}'] }))` },
    ];
  }
  if (problem.header !== 'access-control-allow-origin' || !/^https?:/.test(origin)) return [];
  return [
    { place: 'Django', text: `CORS_ALLOWED_ORIGINS = ['${origin}']` },
    { place: 'Express', text: `app.use(cors({ origin: '${origin}', credentials: true }))` },
  ];
}
