/**
 * The words of the CORS half. Names of errors are Chromium's (`network.mojom.CorsError`, which DevTools shows as
 * `corsErrorStatus.corsError`), so that what we say can be looked up.
 */

import type { HeaderPairs } from '../header-pairs.ts';

export type { HeaderPairs } from '../header-pairs.ts';

export type CredentialsMode = 'omit' | 'same-origin' | 'include';
export type RequestMode = 'cors' | 'no-cors' | 'same-origin' | 'navigate';
export type RedirectMode = 'follow' | 'error' | 'manual';

/** One request as a script makes it, or as a proxy sees it (without what the browser adds by itself). */
export interface CorsRequest {
  /** Absolute, as given: userinfo counts. */
  readonly url: string;
  /** As the script wrote it; `get` and the like are put into upper case where Fetch does so. */
  readonly method: string;
  readonly headers: HeaderPairs;
  /** Serialised origin of the page (`https://example.com`), or `null` for an opaque one. */
  readonly pageOrigin: string;
  readonly credentials: CredentialsMode;
  readonly mode: RequestMode;
  readonly redirect: RedirectMode;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: HeaderPairs;
}

/** What a preflight asks for: null in `method` where the method needs no leave, lower-case sorted header names. */
export interface PreflightNeed {
  readonly method: string | null;
  readonly headers: readonly string[];
}

/** The access check (Fetch, "CORS check") on the answer itself; on a preflight the same names begin with `Preflight`. */
export type AccessError =
  | 'MissingAllowOriginHeader'
  | 'MultipleAllowOriginValues'
  | 'InvalidAllowOriginValue'
  | 'AllowOriginMismatch'
  | 'WildcardOriginNotAllowed'
  | 'InvalidAllowCredentials';

export type CorsError =
  | AccessError
  | `Preflight${AccessError}`
  | 'PreflightInvalidStatus'
  | 'PreflightDisallowedRedirect'
  | 'InvalidAllowMethodsPreflightResponse'
  | 'InvalidAllowHeadersPreflightResponse'
  | 'MethodDisallowedByPreflightResponse'
  | 'HeaderDisallowedByPreflightResponse'
  | 'RedirectContainsCredentials'
  | 'CorsDisabledScheme'
  | 'LocalNetworkAccessPermissionDenied'
  | 'InsecureLocalNetwork'
  | 'InvalidLocalNetworkAccess';

export interface CorsProblem {
  readonly error: CorsError;
  /** Chromium's `failedParameter`: the value, method or header name at fault; empty where it names none. */
  readonly failedParameter: string;
  readonly on: 'request' | 'preflight' | 'response';
  /** The response header at fault (lower case), null where none is. */
  readonly header: string | null;
  /** Its value as the browser reads it (lines joined by a comma), null where it is absent. */
  readonly value: string | null;
  /** What the browser wanted there: the origin, `true`, the method, the header name; null where nothing in a header would help. */
  readonly wanted: string | null;
}

/** Whether an earlier redirect made the request's origin opaque: `Origin: null` (Fetch, "redirect-tainted origin"). */
export interface Tainting {
  readonly originTainted: boolean;
}

/** WICG Local Network Access, "IP address space". */
export type AddressSpace = 'public' | 'local' | 'loopback' | 'unknown';

/** Where the fetch starts. */
export interface FetchPage {
  /** The document's URL; decides mixed content even where the origin is opaque. */
  readonly url: string;
  /** Sandboxed without `allow-same-origin`: the origin is opaque (`null`). */
  readonly opaque: boolean;
  /** null: as `addressSpaceOf` says for its host. `public` for a page with CSP `treat-as-public-address`. */
  readonly addressSpace: AddressSpace | null;
}

/** `fetch(url, init)`: what is left out takes fetch's default. */
export interface FetchInit {
  readonly url: string;
  readonly method?: string;
  readonly headers?: HeaderPairs;
  /** `text` is a string body, which sets Content-Type by itself; `bytes` sets none. */
  readonly body?: 'text' | 'bytes';
  readonly credentials?: CredentialsMode;
  readonly mode?: Exclude<RequestMode, 'navigate'>;
  readonly redirect?: RedirectMode;
  /** WICG Local Network Access: the space that the script says the target is in. */
  readonly targetAddressSpace?: AddressSpace;
}

/** One request that left the browser. */
export interface SentRequest {
  readonly url: string;
  readonly method: string;
  /** Value of the `Origin` header, null where there is none. */
  readonly origin: string | null;
  readonly preflight: boolean;
  /** Names that the preflight asks for, or of the headers that the script set (lower case, sorted). */
  readonly headers: readonly string[];
  /** Whether cookies may go along (credentials, third-party rule). Which of them: the cookie half knows. */
  readonly credentialed: boolean;
  readonly cookieSent: boolean;
}

/** What the server does with a request: an answer, or null where it closes the connection without one. */
export type Answerer = (request: SentRequest) => HttpAnswer | null;

export interface JudgeSettings {
  /** Google Chrome's default is `allowed`; Debian's Chromium and Incognito block. */
  readonly thirdPartyCookies: 'allowed' | 'blocked';
  /** The user's decision on Local Network Access; a prompt that nobody answers refuses. */
  readonly localNetworkAccess: 'granted' | 'denied' | 'undecided';
  /** The address space that a URL's host is reached in. */
  readonly addressSpaceOf: (url: URL) => AddressSpace;
  /** Whether the jar holds a cookie that this request would carry, were it credentialed and first-party. */
  readonly hasCookie: (url: URL) => boolean;
}

export type BlockedReason = 'mixed-content' | 'corp-not-same-origin' | 'corp-not-same-site' | 'origin';

export interface FetchVerdict {
  /** The script gets status, headers and body. */
  readonly readable: boolean;
  /** `Response.type`, null where fetch rejects. */
  readonly type: 'basic' | 'cors' | 'opaque' | 'opaqueredirect' | null;
  /** `Response.status`, null where fetch rejects. */
  readonly status: number | null;
  readonly redirected: boolean;
  /** Names that `Response.headers` shows (lower case, sorted). */
  readonly visibleHeaders: readonly string[];
  /** The browser refused because of CORS or Local Network Access. */
  readonly problem: CorsProblem | null;
  readonly corsError: CorsError | null;
  /** null where Chromium names none (its empty text too). */
  readonly failedParameter: string | null;
  /** Refused for another reason than CORS, as DevTools names it. */
  readonly blockedReason: BlockedReason | null;
  /** Failed otherwise: Chromium's net error, or `TypeError` where fetch refuses its arguments. */
  readonly netError: string | null;
  readonly preflights: number;
  readonly cookieSent: boolean;
  /** Everything that left the browser, in order. An answer out of the HTTP cache leaves no trace here. */
  readonly requests: readonly SentRequest[];
}

/** Plays one browser profile: its preflight cache and HTTP cache live as long as the judge. */
export interface FetchJudge {
  /** @param now milliseconds; only differences count. */
  judge(page: FetchPage, init: FetchInit, answer: Answerer, now: number): FetchVerdict;
}
