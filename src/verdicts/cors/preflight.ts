import { checkPreflightAccess } from './access-check.ts';
import { headerValue } from './headers.ts';
import { isSafelistedMethod, normalMethod } from './method.ts';
import { checkPermission, readPermission } from './preflight-permission.ts';
import { redirectLocation } from './redirect.ts';
import type { CorsProblem, CorsRequest, HttpAnswer, PreflightNeed, Tainting } from './types.ts';
import { unsafeHeaderNames } from './unsafe-headers.ts';

/**
 * Whether a cross-origin request has to ask first (Fetch, "main fetch" and "HTTP fetch"; Chromium's NeedsPreflight).
 * It does not ask whether the request is cross-origin: a same-origin one never has to.
 * @returns null where it need not: a simple method with safelisted headers, or a mode other than `cors`.
 */
export function needsPreflight(request: CorsRequest): PreflightNeed | null {
  if (request.mode !== 'cors') return null;
  const method = isSafelistedMethod(request.method) ? null : normalMethod(request.method);
  const headers = unsafeHeaderNames(request.headers);
  return method === null && headers.length === 0 ? null : { method, headers };
}

function answerProblem(error: CorsProblem['error'], answer: HttpAnswer, header: string | null): CorsProblem {
  const value = header === null ? null : headerValue(answer.headers, header);
  return { error, failedParameter: '', on: 'preflight', header, value, wanted: null };
}

/**
 * Judges the answer to a preflight, in Chromium's order: a redirect, the access check, a status that is not 2xx, the two
 * lists, the method, the headers (PreflightController, CheckPreflightAccess, PreflightResult).
 * @param request the request that is asked for, not the OPTIONS one.
 */
export function checkPreflight(
  request: CorsRequest,
  answer: HttpAnswer,
  tainting: Tainting = { originTainted: false },
): CorsProblem | null {
  if (redirectLocation(answer) !== null) {
    return answerProblem('PreflightDisallowedRedirect', answer, 'location');
  }
  const access = checkPreflightAccess(request, answer, tainting);
  if (access !== null) return access;
  // Fetch, "ok status".
  if (answer.status < 200 || answer.status > 299) {
    return answerProblem('PreflightInvalidStatus', answer, null);
  }
  const read = readPermission(request, answer);
  if ('problem' in read) return read.problem;
  return checkPermission({ ...request, method: normalMethod(request.method) }, read.permission);
}
