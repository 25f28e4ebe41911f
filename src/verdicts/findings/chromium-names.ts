import type { CookieReason, SilentReason } from '../cookies/reasons.ts';
import type { CorsError } from '../cors/types.ts';
import type { FindingCode } from './codes.ts';

/** Typed over the engine's names, so that none can be forgotten. */
export const CORS_CODES = {
  WildcardOriginNotAllowed: 'JD201',
  PreflightWildcardOriginNotAllowed: 'JD201',
  InvalidAllowCredentials: 'JD202',
  PreflightInvalidAllowCredentials: 'JD202',
  AllowOriginMismatch: 'JD203',
  PreflightAllowOriginMismatch: 'JD203',
  InvalidAllowOriginValue: 'JD204',
  PreflightInvalidAllowOriginValue: 'JD204',
  MultipleAllowOriginValues: 'JD205',
  PreflightMultipleAllowOriginValues: 'JD205',
  MissingAllowOriginHeader: 'JD206',
  PreflightMissingAllowOriginHeader: 'JD206',
  PreflightDisallowedRedirect: 'JD207',
  PreflightInvalidStatus: 'JD208',
  HeaderDisallowedByPreflightResponse: 'JD209',
  MethodDisallowedByPreflightResponse: 'JD210',
  InvalidAllowMethodsPreflightResponse: 'JD211',
  InvalidAllowHeadersPreflightResponse: 'JD211',
  RedirectContainsCredentials: 'JD212',
  CorsDisabledScheme: 'JD212',
  LocalNetworkAccessPermissionDenied: 'JD502',
  InsecureLocalNetwork: 'JD502',
  InvalidLocalNetworkAccess: 'JD502',
} as const satisfies Readonly<Record<CorsError, FindingCode>>;

/** null: nothing is wrong with a cookie that does not belong to a request. */
export const COOKIE_CODES = {
  NoCookieContent: 'JD446',
  NameValuePairExceedsMaxSize: 'JD444',
  DisallowedCharacter: 'JD446',
  SyntaxError: 'JD446',
  InvalidDomain: 'JD440',
  InvalidPrefix: 'JD442',
  UserPreferences: 'JD445',
  SecureOnly: 'JD443',
  SameSiteNoneInsecure: 'JD441',
  SchemefulSameSiteStrict: 'JD445',
  SchemefulSameSiteLax: 'JD445',
  SchemefulSameSiteUnspecifiedTreatedAsLax: 'JD445',
  OverwriteSecure: 'JD443',
  DomainMismatch: null,
  NotOnPath: null,
} as const satisfies Readonly<Record<CookieReason, FindingCode | null>>;

const SILENT_CODES = {
  PartitionedInsecure: 'JD446',
  NamelessWithEquals: 'JD446',
} as const satisfies Readonly<Record<SilentReason, FindingCode>>;

/** The code of a Chromium CORS error; `Preflight…` variants have the code of their cause. */
export function findingForCorsError<Name extends CorsError>(name: Name): (typeof CORS_CODES)[Name] {
  return CORS_CODES[name];
}

/** The code of a reason to keep a cookie out; null for those that are no mistake (`NotOnPath`, `DomainMismatch`). */
export function findingForCookieReason<Name extends CookieReason>(name: Name): (typeof COOKIE_CODES)[Name] {
  return COOKIE_CODES[name];
}

/** The code of a reason that DevTools does not show. */
export function findingForSilentReason(name: SilentReason): FindingCode {
  return SILENT_CODES[name];
}
