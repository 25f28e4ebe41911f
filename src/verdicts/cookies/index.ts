export { fromLatin1 } from './bytes.ts';
export {
  type CookieRequestGuess,
  fromHeaders,
  type RequestHeaders,
  type Uncertainty,
} from './from-headers.ts';
export { createCookieJar } from './jar.ts';
export { judgeSetCookie } from './judge-set-cookie.ts';
export {
  MAX_ATTRIBUTE_BYTES,
  MAX_NAME_VALUE_BYTES,
  type ParsedAttributes,
  parseSetCookie,
  type SetCookieParts,
} from './parse-set-cookie.ts';
export type { CookieReason, CookieWarning, SilentReason } from './reasons.ts';
export { siteOf } from './site.ts';
export type {
  Cookie,
  CookieJar,
  CookieJarOptions,
  CookieRequest,
  CookieResponse,
  CookieTarget,
  CookieVerdict,
  LineVerdict,
  NotSent,
  PartitionKey,
  Priority,
  SameSite,
  SendVerdict,
  SetCookieLine,
  ThirdPartyCookies,
} from './types.ts';
