import type { CorsProblem } from '../../verdicts/cors/types.ts';
import { findingForCorsError } from '../../verdicts/findings/chromium-names.ts';
import type { FindingCode } from '../../verdicts/findings/codes.ts';
import { FINDINGS } from '../../verdicts/findings/table.ts';
import { valuesOf } from '../../verdicts/header-pairs.ts';
import type { ApiCorsFacts } from '../api/cors-facts.ts';
import type { Visit } from '../api/page.ts';
import { defineCheck } from '../check.ts';
import { ok, skip, type Verdict } from '../types.ts';

type Facts = { readonly apiCors: ApiCorsFacts | null };

const NO_API = skip('no API was named: --api URL');

/** Cause and fix of a code, as the table of findings has them. */
export function sayingsOf(code: FindingCode): Pick<Verdict, 'cause' | 'fix'> {
  const { cause, fixes } = FINDINGS[code];
  return { cause: `${cause} (${code})`, fix: fixes.map(({ place, text }) => `${place}: ${text}`).join('; ') };
}

/** Nothing can be said of an API that does not answer. */
function silence(visits: readonly Visit[]): Verdict | null {
  const silent = visits.find((visit) => visit.silent !== null);
  if (silent === undefined) return null;
  return {
    status: 'fail',
    evidence: [`${nameOf(silent)}: ${silent.silent}`],
    cause: 'The API does not answer.',
    fix: 'Start your backend, or correct the URL',
  };
}

export function nameOf({ method, path }: Visit): string {
  return `${method} ${path}`;
}

function problemText({ error, header, value }: CorsProblem): string {
  if (header === null) return error;
  return `${error}, ${header}: ${value ?? 'absent'}`;
}

function refused(
  found: readonly { readonly what: string; readonly problem: CorsProblem | null }[],
): Verdict | null {
  const wrong = found.flatMap(({ what, problem }) => (problem === null ? [] : [{ what, problem }]));
  const [first] = wrong;
  if (first === undefined) return null;
  return {
    status: 'fail',
    evidence: wrong.map(({ what, problem }) => `${what}: ${problemText(problem)}`),
    ...sayingsOf(findingForCorsError(first.problem.error)),
  };
}

/** C1: what the browser asks before it sends JSON, a CSRF token or a PATCH. */
export function judgePreflights({ apiCors }: Facts): Verdict {
  if (apiCors === null) return NO_API;
  const { asked, target } = apiCors;
  const bad = refused(
    asked.map((visit) => ({
      what: `${nameOf(visit)}, preflight answered with ${visit.preflight?.answer.status ?? 'nothing'}`,
      problem: visit.preflight?.problem ?? null,
    })),
  );
  return (
    silence(asked) ?? bad ?? ok(`${target.said}: ${asked.length} preflights of ${target.pageOrigin} pass`)
  );
}

/** C2: a browser repeats a redirected POST as GET, and refuses a redirected preflight. */
export function judgeSlashes({ apiCors }: Facts): Verdict {
  if (apiCors === null) return NO_API;
  const { slashes } = apiCors;
  const answers = slashes.flatMap((visit) => [
    ...(visit.preflight === null
      ? []
      : [{ what: `preflight of ${nameOf(visit)}`, answer: visit.preflight.answer }]),
    { what: nameOf(visit), answer: { status: visit.status, headers: visit.headers } },
  ]);
  const redirects = answers.filter(({ answer }) => answer.status >= 300 && answer.status < 400);
  if (redirects.length > 0) {
    return {
      status: redirects.some(({ what }) => what.endsWith('/')) ? 'fail' : 'warn',
      evidence: redirects.map(
        ({ what, answer }) =>
          `${what}: ${answer.status} to ${valuesOf(answer.headers, 'location')[0] ?? '?'}`,
      ),
      ...sayingsOf('JD207'),
    };
  }
  return silence(slashes) ?? ok('no redirect, with and without the final slash');
}

/** C3: an error without CORS headers reaches the page as "Failed to fetch", and hides what went wrong. */
export function judgeErrors({ apiCors }: Facts): Verdict {
  if (apiCors === null) return NO_API;
  const { errors } = apiCors;
  return (
    silence(errors) ??
    refused(
      errors.map((visit) => ({ what: `${nameOf(visit)} answered ${visit.status}`, problem: visit.problem })),
    ) ??
    ok(
      `the page can read ${[...new Set(errors.map(({ status }) => status))].sort((a, b) => a - b).join(', ')}`,
    )
  );
}

/** C4 */
export function judgeSingleOrigin({ apiCors }: Facts): Verdict {
  if (apiCors === null) return NO_API;
  const visits = [...apiCors.asked, ...apiCors.errors];
  const several = visits.filter(({ headers }) => valuesOf(headers, 'access-control-allow-origin').length > 1);
  if (several.length > 0) {
    return {
      status: 'fail',
      evidence: several.map(
        (visit) =>
          `${nameOf(visit)}: ${valuesOf(visit.headers, 'access-control-allow-origin').length} of them`,
      ),
      ...sayingsOf('JD205'),
    };
  }
  const withoutVary = visits.filter(
    ({ headers }) =>
      valuesOf(headers, 'access-control-allow-origin').length === 1 &&
      valuesOf(headers, 'access-control-allow-origin')[0] !== '*' &&
      !(valuesOf(headers, 'vary')[0] ?? '')
        .toLowerCase()
        .split(/\s*,\s*/)
        .some((name) => name === 'origin' || name === '*'),
  );
  if (withoutVary.length > 0) {
    return {
      status: 'warn',
      evidence: withoutVary.map((visit) => `${nameOf(visit)}: no Vary: Origin`),
      ...sayingsOf('JD214'),
    };
  }
  return silence(visits) ?? ok('one Access-Control-Allow-Origin each, with Vary: Origin');
}

/** C5: whoever may read the answers with credentials may act as the user. */
export function judgeStrangers({ apiCors }: Facts): Verdict {
  if (apiCors === null) return NO_API;
  const granted = apiCors.foreign.filter(({ grants }) => grants.length > 0);
  if (granted.length === 0)
    return silence(apiCors.asked) ?? ok(`refused: ${apiCors.foreign.map(({ origin }) => origin).join(', ')}`);
  return {
    status: 'fail',
    evidence: granted.flatMap(({ origin, grants }) => grants.map((grant) => `a page of ${origin}: ${grant}`)),
    cause: 'The API says yes to whichever origin asks: any page on the web can use it as the logged-in user.',
    fix: `Name the origins. Django: CORS_ALLOWED_ORIGINS = ['${apiCors.target.pageOrigin}'] instead of CORS_ALLOW_ALL_ORIGINS or a wide CORS_ALLOWED_ORIGIN_REGEXES; Express: cors({ origin: '${apiCors.target.pageOrigin}', credentials: true })`,
  };
}

const cors = (id: string, title: string, judge: (facts: Facts) => Verdict) =>
  defineCheck({ id, title, docs: 'api', needs: ['apiCors'], judge });

export const API_CORS_CHECKS = [
  cors('C1', 'Preflights pass', judgePreflights),
  cors('C2', 'No redirects', judgeSlashes),
  cors('C3', 'Errors can be read', judgeErrors),
  cors('C4', 'One allowed origin, and Vary', judgeSingleOrigin),
  cors('C5', 'Other origins are refused', judgeStrangers),
];
