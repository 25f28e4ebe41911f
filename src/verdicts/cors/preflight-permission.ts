import { tableOrder } from './header-order.ts';
import { combineHeaders, headerValue, tokenList } from './headers.ts';
import { isSafelistedMethod } from './method.ts';
import { isTrustworthyUrl, parseUrl } from './origin.ts';
import type { CorsProblem, CorsRequest, HttpAnswer } from './types.ts';
import { unsafeHeaderNames } from './unsafe-headers.ts';

const ALLOW_METHODS = 'access-control-allow-methods';
const ALLOW_HEADERS = 'access-control-allow-headers';

/** What a preflight's answer allows (Fetch, "CORS-preflight fetch"; Chromium's PreflightResult). */
export interface PreflightPermission {
  /** As given: methods are case-sensitive. */
  readonly methods: ReadonlySet<string>;
  /** Lower case. */
  readonly headers: ReadonlySet<string>;
  /** Asked for with `include`: `*` is then a method or header of that name, nothing more. */
  readonly withCredentials: boolean;
  readonly methodsValue: string | null;
  readonly headersValue: string | null;
}

function listProblem(
  error: 'InvalidAllowMethodsPreflightResponse' | 'InvalidAllowHeadersPreflightResponse',
  header: string,
  value: string | null,
): CorsProblem {
  return { error, failedParameter: '', on: 'preflight', header, value, wanted: null };
}

/** @returns a problem where one of the two lists cannot be read. */
export function readPermission(
  request: CorsRequest,
  answer: HttpAnswer,
): { readonly permission: PreflightPermission } | { readonly problem: CorsProblem } {
  const methodsValue = headerValue(answer.headers, ALLOW_METHODS);
  const headersValue = headerValue(answer.headers, ALLOW_HEADERS);
  const methods = tokenList(methodsValue);
  if (methods === null) {
    return { problem: listProblem('InvalidAllowMethodsPreflightResponse', ALLOW_METHODS, methodsValue) };
  }
  const headers = tokenList(headersValue);
  if (headers === null) {
    return { problem: listProblem('InvalidAllowHeadersPreflightResponse', ALLOW_HEADERS, headersValue) };
  }
  return {
    permission: {
      methods: new Set(methods),
      headers: new Set(headers.map((name) => name.toLowerCase())),
      withCredentials: request.credentials === 'include',
      methodsValue,
      headersValue,
    },
  };
}

function checkMethod(request: CorsRequest, permission: PreflightPermission): CorsProblem | null {
  const { method } = request;
  const wildcard = permission.methods.has('*') && !permission.withCredentials;
  if (isSafelistedMethod(method) || permission.methods.has(method) || wildcard) return null;
  return {
    error: 'MethodDisallowedByPreflightResponse',
    failedParameter: method,
    on: 'preflight',
    header: ALLOW_METHODS,
    value: permission.methodsValue,
    wanted: method,
  };
}

/** Which of several refused headers Chromium names: the first in its own order. */
function firstNamed(refusals: readonly string[], request: CorsRequest): string | undefined {
  if (refusals.length < 2) return refusals[0];
  const target = parseUrl(request.url);
  const names = combineHeaders(request.headers).map(([name]) => name);
  const order = tableOrder(names, target !== null && isTrustworthyUrl(target));
  return order.find((name) => refusals.includes(name));
}

/**
 * @param authorizationByWildcard whether `*` covers `Authorization`. By Fetch ("CORS non-wildcard request-header name")
 *   it never does. Chromium still lets it for the request at hand, with a deprecation warning, but not out of its cache.
 */
function checkHeaders(
  request: CorsRequest,
  permission: PreflightPermission,
  authorizationByWildcard: boolean,
): CorsProblem | null {
  const wildcard = permission.headers.has('*') && !permission.withCredentials;
  const refusals = unsafeHeaderNames(request.headers).filter((name) => {
    if (permission.headers.has(name)) return false;
    return !wildcard || (name === 'authorization' && !authorizationByWildcard);
  });
  const refused = firstNamed(refusals, request);
  if (refused === undefined) return null;
  return {
    error: 'HeaderDisallowedByPreflightResponse',
    failedParameter: refused,
    on: 'preflight',
    header: ALLOW_HEADERS,
    value: permission.headersValue,
    wanted: refused,
  };
}

/** Whether the permission covers the request: the method first, then the headers. */
export function checkPermission(
  request: CorsRequest,
  permission: PreflightPermission,
  options: { readonly authorizationByWildcard: boolean } = { authorizationByWildcard: true },
): CorsProblem | null {
  return (
    checkMethod(request, permission) ?? checkHeaders(request, permission, options.authorizationByWildcard)
  );
}
