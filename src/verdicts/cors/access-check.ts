import { headerValue } from './headers.ts';
import type { AccessError, CorsProblem, CorsRequest, HttpAnswer, Tainting } from './types.ts';

/** What an `Access-Control-Allow-Origin` value is, seen by itself (Chromium's CheckAccess). */
export type AllowOrigin =
  | { readonly kind: 'absent' }
  | { readonly kind: 'wildcard' }
  /** `null`, or something that parses as a URL; only byte equality with the origin counts. */
  | { readonly kind: 'origin'; readonly value: string }
  /** A comma or a space in it, or two header lines, even equal ones. */
  | { readonly kind: 'several'; readonly value: string }
  | { readonly kind: 'invalid'; readonly value: string };

/** @param value the joined lines of the header, null where it is absent. */
export function parseAllowOrigin(value: string | null): AllowOrigin {
  if (value === null) return { kind: 'absent' };
  if (value === '*') return { kind: 'wildcard' };
  if (/[ ,]/.test(value)) return { kind: 'several', value };
  if (value === 'null' || URL.canParse(value)) return { kind: 'origin', value };
  return { kind: 'invalid', value };
}

interface Finding {
  readonly error: AccessError;
  readonly failedParameter: string;
  readonly header: string;
  readonly value: string | null;
  readonly wanted: string;
}

const ALLOW_ORIGIN = 'access-control-allow-origin';
const ALLOW_CREDENTIALS = 'access-control-allow-credentials';

function checkAllowOrigin(origin: string, value: string | null, withCredentials: boolean): Finding | null {
  if (value === origin) return null;
  const found = (error: AccessError, failedParameter: string): Finding => ({
    error,
    failedParameter,
    header: ALLOW_ORIGIN,
    value,
    wanted: origin,
  });
  const allowed = parseAllowOrigin(value);
  switch (allowed.kind) {
    case 'absent':
      return found('MissingAllowOriginHeader', '');
    case 'wildcard':
      return withCredentials ? found('WildcardOriginNotAllowed', '') : null;
    case 'several':
      return found('MultipleAllowOriginValues', allowed.value);
    case 'invalid':
      return found('InvalidAllowOriginValue', allowed.value);
    case 'origin':
      return found('AllowOriginMismatch', allowed.value);
  }
}

/**
 * Fetch, "CORS check", in Chromium's order (network::cors::CheckAccess): first the origin, then `true` for credentials.
 * Only `include` counts as "with credentials" here; `same-origin` sends none to another origin.
 */
function checkAccess(request: CorsRequest, answer: HttpAnswer, tainting: Tainting): Finding | null {
  const origin = tainting.originTainted ? 'null' : request.pageOrigin;
  const withCredentials = request.credentials === 'include';
  const finding = checkAllowOrigin(origin, headerValue(answer.headers, ALLOW_ORIGIN), withCredentials);
  if (finding !== null || !withCredentials) return finding;
  const value = headerValue(answer.headers, ALLOW_CREDENTIALS);
  // Byte for byte: `True` is not `true` (Fetch, "CORS check", step 6).
  if (value === 'true') return null;
  return {
    error: 'InvalidAllowCredentials',
    failedParameter: value ?? '',
    header: ALLOW_CREDENTIALS,
    value,
    wanted: 'true',
  };
}

/**
 * Whether the browser lets the page read this answer to a cross-origin request in `cors` mode (a redirect answer, too).
 * It does not ask whether the request is cross-origin: a same-origin one needs no check.
 * @param tainting whether a redirect from another origin went before; the wanted origin is then `null`.
 */
export function checkAnswer(
  request: CorsRequest,
  answer: HttpAnswer,
  tainting: Tainting = { originTainted: false },
): CorsProblem | null {
  const finding = checkAccess(request, answer, tainting);
  return finding === null ? null : { ...finding, on: 'response' };
}

/** The same check on a preflight's answer, where Chromium's names begin with `Preflight`. */
export function checkPreflightAccess(
  request: CorsRequest,
  answer: HttpAnswer,
  tainting: Tainting,
): CorsProblem | null {
  const finding = checkAccess(request, answer, tainting);
  return finding === null ? null : { ...finding, error: `Preflight${finding.error}`, on: 'preflight' };
}
